"""Figures and how they are drawn: the sums by detroit, the markup by templates/components/figure*.html."""
