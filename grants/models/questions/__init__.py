"""What a call asks, as data; what an answer must be; and which questions stand on which page.

A question is a dictionary. Every kind takes

    key       "plan": small letters, digits and _, its own in the call; never changes once published
    kind      one of the kinds below
    label     the question
    help      a sentence below it                                     (optional, "")
    required  must be answered                                        (optional, true)
    section   the page it stands on, in the applicant's words         (optional: “Your project”)
    shown_if  {"question": key, "is": [values]}: asked only where an earlier question (choice or several)
              was answered with one of these                          (optional)

and each kind what is its own, all optional unless said:

    kind         its own                                      as typed             clean
    short_text   min_words, max_words                         str                  str
    long_text    min_words, max_words                         str                  str
    number       minimum, maximum (numbers), unit ("people")  str                  "1500.5"
    quantity                                                  str ("7e9")          "7B"
    gpu_hours    minimum, maximum                             str                  "500"
    money        currency ("INR"), minimum, maximum           str                  "1500.5"
    date         not_before, not_after ("2027-01-31",         str                  "2027-03-31"
                 or "today")
    choice       choices [str, …], two or more (must)         str                  one of the choices
    several      choices (must), least, most (how many)       [str]                [str], in the call's order
    file         accepts ["pdf", …] of FileKind, most (1)     [key of Attachment]  [str]
    url                                                       str                  "https://…"
    email                                                     str                  str
    orcid                                                     str (or its URL)     "0000-0002-1825-0097"
    github                                                    str (or its URL)     "octocat"
    huggingface                                               str (or its URL)     "ai4bharat"
    languages    least, most (how many)                       [name or code]       ["mar", …] (ISO 639-3)
    licence      open_only (true: open licences alone)        str (SPDX)           "Apache-2.0"
    team         least, most (rows)                           [row]                [{name, role, email,
                                                                                  github, huggingface, orcid}]
    milestones   least, most (rows)                           [row]                [{what, by, proof}]
    gpu_table    least, most (rows), total_is ("gpu_hours":   [row]                [{work, parameters, tokens,
                 its total must be that question's answer)                         hardware, hours}]

A row is a dictionary of strings by column; rows in which nothing is written are left out. Answers are
kept as typed, so that a draft never loses anything; `clean_answers` judges them. A question that is not
shown is not judged and has no clean answer. `sections` gives the applicant's pages, `answer_in_words` a
plain text; `{% include "grants/answers/answer.html" %}` shows `answer` to `question`, whatever its kind.
"""

from grants.models.questions.cleaning import CLEANERS, clean_answers, is_shown, shown
from grants.models.questions.kinds import (
    LISTS,
    TABLES,
    Answer,
    FileKind,
    Question,
    QuestionKind,
    read_question,
)
from grants.models.questions.plain import LARGEST_MONEY
from grants.models.questions.sections import BASICS, Progress, Section, section_label, sections
from grants.models.questions.standing import standing_questions
from grants.models.questions.validation import RESERVED_KEYS, validate_questions
from grants.models.questions.words import answer_in_words, answers_in_words

__all__ = [
    "BASICS",
    "CLEANERS",
    "LARGEST_MONEY",
    "LISTS",
    "RESERVED_KEYS",
    "TABLES",
    "Answer",
    "FileKind",
    "Progress",
    "Question",
    "QuestionKind",
    "Section",
    "answer_in_words",
    "answers_in_words",
    "clean_answers",
    "is_shown",
    "read_question",
    "section_label",
    "sections",
    "shown",
    "standing_questions",
    "validate_questions",
]
