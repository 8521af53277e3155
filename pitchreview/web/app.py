"""The Flask application: services, extensions, blueprints, headers; nothing else."""

import secrets
from datetime import timedelta

import structlog
from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from pitchreview.config import Settings, assets_folder
from pitchreview.db import make_engine, make_session_factory
from pitchreview.models.user import SESSION_LIFETIME
from pitchreview.store import ObjectStore
from pitchreview.web import auth, errors, filters, pages
from pitchreview.web.context import Services, close_db, host_name, services
from pitchreview.web.live import LiveHub
from pitchreview.web.views import BLUEPRINTS

# Forms and small JSON; files never pass through here.
LARGEST_REQUEST_BYTES = 1_000_000
MOST_FORM_FIELDS = 500
YEAR_SECONDS = 31_536_000
# Computes the checksums of uploads; the only script that may compile WebAssembly.
WASM_WORKER = "/static/md5.worker-"

csrf = CSRFProtect()
log = structlog.get_logger()


def create_app(
    settings: Settings, *, engine: Engine | None = None, store: ObjectStore | None = None
) -> Flask:
    app = Flask(
        "pitchreview",
        template_folder=str(assets_folder("templates")),
        static_folder=str(assets_folder("static") / "dist"),
        static_url_path="/static",
    )
    _configure(app, settings)
    engine = engine or make_engine(settings.sqlalchemy_url)
    app.extensions["pitchreview"] = Services(
        settings=settings,
        engine=engine,
        sessions=make_session_factory(engine),
        store=store or ObjectStore(settings),
        live=LiveHub(settings.libpq_url),
    )
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    csrf.init_app(app)
    for install in (auth.install, errors.install, filters.install, pages.install):
        install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    # A mail program that ends the letters knows no token of ours; what it holds is the signed link.
    csrf.exempt("pitchreview.web.views.notifications.no_more")
    csrf.exempt("pitchreview.web.views.notifications.no_digest")
    app.before_request(_begin)
    app.after_request(_finish)
    app.teardown_appcontext(close_db)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        # The prefix binds the cookie to this very host; browsers accept it over HTTPS only.
        SESSION_COOKIE_NAME="__Host-session" if settings.is_https else "pitchreview_session",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(seconds=SESSION_LIFETIME.total_seconds()),
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST_BYTES,
        MAX_FORM_PARTS=MOST_FORM_FIELDS,
        # A token lives as long as its session: a page left open overnight can still be sent.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR_SECONDS,
        TRUSTED_HOSTS=[host.strip() for host in settings.trusted_hosts.split(",") if host.strip()] or None,
    )


def _begin() -> None:
    g.request_id = request.headers.get("X-Request-ID", "")[:64] or secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = g.get("request_id", "")
    headers["Content-Security-Policy"] = _content_security_policy()
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
    if services().settings.is_https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    if request.endpoint != "static":
        headers.setdefault("Cache-Control", "private, no-cache")
        log.info("request", method=request.method, path=request.path, status=response.status_code)
    return response


def _content_security_policy() -> str:
    media = services().store.public_origin(host_name())
    # A worker goes by the policy of its own file.
    scripts = "'self' 'wasm-unsafe-eval'" if request.path.startswith(WASM_WORKER) else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            f"img-src 'self' data: blob: {media}",
            f"media-src 'self' blob: {media}",
            f"connect-src 'self' {media}",
            "font-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
        )
    )
