"""Who is asking, and may they: session cookie, form tokens, response headers, and the access check before every request."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Response, abort, current_app, flash, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response as BaseResponse

from config import Settings
from kernel import accounts
from kernel.people import GUEST, Actor, Permission, Role, User
from storefront.database import reading
from storefront.i18n import gettext as _
from storefront.routing import Reach, access_table

csrf = CSRFProtect()
login_manager = LoginManager()
talisman = Talisman()

#: Where Flask-WTF keeps the form token in the cookie.
_FORM_TOKEN = "csrf_token"  # noqa: S105 - a name, not a secret
BODY_LIMIT = 2 * 1024 * 1024
UPLOAD_LIMIT = 25 * 1024 * 1024
UPLOAD_ENDPOINTS = frozenset(
    {
        "office.product_photos_add",
        "office.maker_photos_add",
        "office.paper_public",
        "office.settlements",
        "office.delivery_line_add",
        "office.delivery_line",
        "office.till_rescue",
        "office.proposal_photos_add",
        "office.curation_gates",
        "office.curation_score",
        "office.imports",
        "office.paper_scan_new",
        "office.paper_renew",
        "office.visit_new",
        "office.action_done",
        "office.partner_paper",
    }
)
#: One paper from a company that applies or buys: a scan of at most 8 MB.
PAPER_LIMIT = 10 * 1024 * 1024
PAPER_ENDPOINTS = frozenset({"wholesale.application_paper", "wholesale.company_paper"})


class SignedIn(UserMixin):
    """Flask-Login's view of a person: the session token is the identity, so ending the session ends it everywhere."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.token = token
        self.actor = accounts.as_actor(user)

    def get_id(self) -> str:
        return self.token


def init_security(app: Flask, settings: Settings) -> None:
    """Attach cookies, CSRF, login, headers and the access check."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-etalase" if settings.is_production else "etalase",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=60),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=BODY_LIMIT,
        MAX_FORM_PARTS=200,
    )
    app.before_request(_allow_uploads)  # before the form token is read, which reads the whole body
    csrf.init_app(app)
    login_manager.init_app(app)
    login_manager.user_loader(_load_user)
    login_manager.session_protection = None  # a session ends on the server; hashing the browser's name for every page guards nothing
    _init_headers(app, settings)
    app.before_request(_check_access)
    app.after_request(_forbid_shared_caches)


def current_actor() -> Actor:
    """The Actor behind this request; GUEST when nobody is signed in."""
    return current_user.actor if current_user.is_authenticated else GUEST


def may_enter(actor: Actor, access: Reach | Permission) -> bool:
    """Whether a signed-in person's roles open such a route. What they may see behind it, the query says."""
    if access is Reach.PROPOSER:
        return actor.can(Permission.PROPOSE_PRODUCTS) or actor.has_role(Role.MAKER)
    return not isinstance(access, Permission) or actor.can(access)


def is_staff() -> bool:
    """Whether the signed-in person may see the office at all."""
    return current_actor().can(Permission.VIEW_OFFICE)


def is_retail_buyer() -> bool:
    """Whether the signed-in person buys for a retail partner."""
    return current_actor().has_role(Role.RETAIL_BUYER)


def current_person() -> User:
    """The signed-in person; call only where the route asks for one."""
    person: User = current_user.user
    return person


def current_token() -> str:
    """The token of this browser's login session."""
    token: str = current_user.token
    return token


def begin_login(user: User, token: str) -> None:
    """Put a new login session into the cookie. The old form token dies with what the browser was before (A10)."""
    session.pop(_FORM_TOKEN, None)
    session.permanent = True
    login_user(SignedIn(user, token))


def end_login() -> None:
    """Forget everything in the cookie: the next person at this computer starts with an empty cart."""
    logout_user()
    session.clear()


def _load_user(token: str) -> SignedIn | None:
    user = accounts.find_user_by_token(reading(), token)
    return SignedIn(user, token) if user else None


def _allow_uploads() -> None:
    """Photos and bank statements may be larger than the body limit, from those who may upload them."""
    if request.endpoint in UPLOAD_ENDPOINTS and (is_staff() or may_enter(current_actor(), Reach.PROPOSER)):
        request.max_content_length = UPLOAD_LIMIT
    elif request.endpoint in PAPER_ENDPOINTS:
        request.max_content_length = PAPER_LIMIT


def _check_access() -> BaseResponse | None:
    """Refuse a request whose route the person may not use. A route without a row in the table is refused to everyone."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    access = access_of_request()
    if access in (Reach.PUBLIC, Reach.LINK, Reach.MAKER, Reach.SIGNATURE, Reach.TILL, Reach.KEY):
        return None
    if not current_user.is_authenticated:
        return ask_to_sign_in()
    if not may_enter(current_actor(), access):
        abort(403)
    return None


def ask_to_sign_in() -> BaseResponse:
    """Send a guest to the sign-in page, and back here afterwards."""
    flash(_("Please sign in to continue."), "info")
    target = request.script_root + request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=target), 303)


def access_of_request() -> Reach | Permission:
    """Who may use the requested route; aborts with 500 when nobody declared it, which the permission test finds first."""
    access = access_table(current_app).get(request.endpoint or "")
    if access is None:
        abort(500)
    return access


def _forbid_shared_caches(response: Response) -> Response:
    """A signed-in person's page, and any page that touched the session, stays out of shared caches (A21)."""
    if session.accessed and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store" if current_user.is_authenticated else "private, no-cache"
    return response


def _init_headers(app: Flask, settings: Settings) -> None:
    form_targets = ["'self'", settings.stripe_checkout_origin]
    talisman.init_app(
        app,
        force_https=False,  # the proxy in front redirects; inside, health checks speak plain HTTP
        strict_transport_security=settings.is_production,
        strict_transport_security_max_age=31536000,
        session_cookie_secure=settings.is_production,
        frame_options="DENY",
        referrer_policy="strict-origin-when-cross-origin",
        content_security_policy={
            "default-src": "'self'",
            "img-src": ["'self'", "data:"],
            "object-src": "'none'",
            "base-uri": "'none'",
            "frame-ancestors": "'none'",
            # Chromium applies form-action to the redirect after a form post too, so the payment page is listed.
            "form-action": form_targets,
        },
    )
