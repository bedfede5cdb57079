"""Doors for GitHub and the Hub: POST only, signed, answered at once. Without a secret there is no door."""

from django.conf import settings
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from contributions import webhooks
from contributions.actions.webhooks import receive
from mission.access import requires
from mission.errors import Refused


def _body(request: HttpRequest) -> bytes:
    """As it came, byte for byte. Raises Refused where it is too long."""
    body = request.read(webhooks.LARGEST + 1)
    if len(body) > webhooks.LARGEST:
        raise Refused(_("The message is too long; five megabytes are read."), code="too_large", status=413)
    return body


def _answer(message: webhooks.Message) -> JsonResponse:
    delivery, fresh = receive(message=message)
    said = {"delivery": delivery.delivery_id, "event": delivery.event, "seen_before": not fresh}
    return JsonResponse(said, status=202 if fresh else 200)


@requires("webhook.receive")
@csrf_exempt
def github(request: HttpRequest) -> JsonResponse:
    if not settings.GITHUB_WEBHOOK_SECRET or request.method != "POST":
        raise Http404
    try:
        body = _body(request)
        signature = request.headers.get("X-Hub-Signature-256", "")
        webhooks.check_signature(secret=settings.GITHUB_WEBHOOK_SECRET, body=body, signature=signature)
        event, number = (request.headers.get(f"X-GitHub-{name}", "") for name in ("Event", "Delivery"))
        return _answer(webhooks.github_message(event=event, delivery_id=number, body=body))
    except Refused as refused:
        return JsonResponse(refused.as_json(), status=refused.status)


@requires("webhook.receive")
@csrf_exempt
def huggingface(request: HttpRequest) -> JsonResponse:
    if not settings.HF_WEBHOOK_SECRET or request.method != "POST":
        raise Http404
    try:
        body = _body(request)
        given = request.headers.get("X-Webhook-Secret", "")
        webhooks.check_secret(secret=settings.HF_WEBHOOK_SECRET, given=given)
        minute = int(timezone.now().timestamp()) // 60
        return _answer(webhooks.hub_message(body=body, minute=minute))
    except Refused as refused:
        return JsonResponse(refused.as_json(), status=refused.status)
