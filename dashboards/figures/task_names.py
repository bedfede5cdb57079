"""What a model does, in words: the platforms name it by a tag such as `automatic-speech-recognition`."""

from django.utils.translation import gettext_lazy as _

TASKS = {
    "text-generation": _("Text generation"),
    "text2text-generation": _("Text to text"),
    "automatic-speech-recognition": _("Speech recognition"),
    "text-to-speech": _("Text to speech"),
    "audio-classification": _("Audio classification"),
    "translation": _("Translation"),
    "summarization": _("Summarisation"),
    "text-classification": _("Text classification"),
    "token-classification": _("Marking of words"),
    "zero-shot-classification": _("Classification without examples"),
    "fill-mask": _("Filling in of missing words"),
    "question-answering": _("Question answering"),
    "document-question-answering": _("Questions about documents"),
    "visual-question-answering": _("Questions about images"),
    "feature-extraction": _("Feature extraction"),
    "sentence-similarity": _("Sentence similarity"),
    "image-classification": _("Image classification"),
    "image-segmentation": _("Image segmentation"),
    "object-detection": _("Object detection"),
    "image-to-text": _("Image to text"),
    "text-to-image": _("Text to image"),
    "image-text-to-text": _("Image and text to text"),
    "reinforcement-learning": _("Reinforcement learning"),
    "time-series-forecasting": _("Forecasting of time series"),
}


def task_in_words(tag: str) -> str:
    """A tag without words is told as it is."""
    return str(TASKS.get(tag, tag))
