"""One question to a model from a page: the gateway's own reserving, asking and settling, without HTTP."""

import logging
import uuid

from asgiref.sync import async_to_sync
from django.db import Error as DatabaseError
from django.db import connection
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from mission.errors import Refused
from sandbox.answers import ApiError, Json, Whole
from sandbox.asking import Asking, broken_off
from sandbox.keys import OpenKey
from sandbox.models import ApiKey
from sandbox.parameters import read_asked
from sandbox.running import for_a_moment
from sandbox.upstream import BrokenOff

logger = logging.getLogger(__name__)


def ask(key: ApiKey, asked: Json) -> str:
    """The whole answer, metered on the key's award; Refused with what the API would have said."""
    connection.close_if_unusable_or_obsolete()  # others may have it while the model writes
    try:
        answer: str = async_to_sync(whole_answer)(OpenKey(key.pk, key.award_id), asked)
    except BrokenOff as error:
        raise refusal(broken_off()) from error
    except ApiError as error:
        raise refusal(error) from error
    except (RedisError, DatabaseError) as error:
        logger.exception("the gateway's stores are away")
        raise Refused(_("The sandbox is not available just now. Try again soon."), status=503) from error
    return answer


async def whole_answer(opened: OpenKey, told: Json) -> str:
    async with for_a_moment() as running:
        deployment = (await running.deployments()).get(told["model"])
        if deployment is None:
            raise ApiError(404, _("This model is not served any more. Choose another."))
        asked = read_asked(told, deployment, chat=True)
        asking = Asking(running, opened, deployment, asked, f"req_{uuid.uuid4().hex}")
        await asking.reserve()
        whole = Whole(chat=True)

        async def keep(chunk: Json) -> None:
            whole.add(chunk)

        await asking.run(keep)
    return "".join(whole.text).strip()


def refusal(error: ApiError) -> Refused:
    return Refused(error.message, field="message", code=error.code or "refused", status=error.status)
