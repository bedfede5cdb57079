"""What each page tells: figures made from rows. Every function says how many queries it makes."""
