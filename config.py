"""Every setting of Etalase, typed, read from the environment; secrets have no default in production (docs/settings.md)."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
#: Roles that open the office; the second factor is required of them in production.
STAFF_ROLES = (
    "cashier",
    "outlet_manager",
    "curator",
    "administrator",
    "village_officer",
    "mentor",
    "assessor",
    "province_officer",
    "observer",
)
DEMO_SECRET = "demo-secret-never-for-production"  # noqa: S105 - refused outside demo and test mode


class SettingsError(RuntimeError):
    """The environment cannot be used as it is; the message names every setting to mend."""


@dataclass(frozen=True, slots=True)
class Settings:
    """One field per environment variable `ETALASE_<NAME>`; docs/settings.md is checked against this list."""

    #: `production`, `demo` or `test`. Production refuses default secrets and plain-HTTP addresses.
    mode: str = "production"
    secret_key: str = ""
    #: Where everything this installation writes lives: database, media, index, mailbox.
    data_folder: Path = ROOT / "var"
    database_url: str = ""
    #: Copies of a PostgreSQL database that guests' searches and lists may be read from, comma separated.
    database_replica_urls: str = ""
    #: Seconds a copy may lag behind before nobody is sent there.
    replica_max_lag: int = 10
    #: `whoosh`, or `postgresql` for catalogues that outgrow it (docs/search.md).
    search_engine: str = "whoosh"
    #: Public address, without a trailing slash; used in mails, sitemap and payment return links.
    base_url: str = ""
    #: Host names we answer to, comma separated; empty means the host of base_url.
    trusted_hosts: str = ""
    #: How many proxies in front set X-Forwarded-*; 0 trusts none.
    proxy_count: int = 0
    #: The home regency: its area code prefix, and the name of the shop.
    area_prefix: str = "16.12"
    shop_name: str = "Etalase PALI"
    zone: str = "WIB"
    office_name_id: str = "Dinas Koperasi dan UKM Kabupaten PALI"
    office_name_en: str = "Cooperatives and SME Office, PALI Regency"
    programme_year: int = 2026
    #: E.164 number that answers buyers' questions on WhatsApp; empty hides the links.
    whatsapp: str = ""
    stripe_secret_key: str = ""
    stripe_webhook_secret: str = ""
    #: Another address than Stripe's own: the stand-in of the demo and the tests.
    stripe_api_base: str = ""
    #: Origin of the hosted payment page, for the form-action policy.
    stripe_checkout_origin: str = "https://checkout.stripe.com"
    #: `folder:` (written to <data>/mailbox and readable at /mailbox in demo mode) or `smtp://user:pass@host:port`.
    mail_url: str = "folder:"
    mail_from: str = "Etalase <no-reply@localhost>"
    #: Whole rupiah per order above which a second person must agree to a refund.
    refund_approval_above: int = 500_000
    #: Payment pages of a provider that one address, and one cart, may open in ten minutes (card testing); 0 for no limit.
    card_pages: int = 5
    #: Roles that must sign in with a second step, comma separated; `none` for nobody, empty for every staff role in production.
    second_factor_roles: str = ""
    #: Megabytes of guests' finished pages that each web process keeps in memory; 0 makes every page afresh.
    page_memory: int = 8
    log_level: str = "INFO"

    @property
    def is_production(self) -> bool:
        """Whether real buyers use it."""
        return self.mode == "production"

    @property
    def hosts(self) -> list[str]:
        """Host names we answer to: those that are named, else the one of the base address in production; [] is any."""
        named = [host.strip() for host in self.trusted_hosts.split(",") if host.strip()]
        return named or ([urlsplit(self.base_url).netloc] if self.is_production else [])

    @property
    def roles_with_second_factor(self) -> frozenset[str]:
        """Who must have a second factor; without a word about it, all staff in production and nobody in demo and tests."""
        if not self.second_factor_roles.strip():
            return frozenset(STAFF_ROLES) if self.is_production else frozenset()
        named = {name.strip() for name in self.second_factor_roles.split(",") if name.strip()}
        return frozenset(named - {"none"})

    @property
    def database(self) -> str:
        """SQLAlchemy address; SQLite in the data folder unless one is given."""
        return self.database_url or f"sqlite:///{self.data_folder / 'etalase.db'}"

    @property
    def replicas(self) -> list[str]:
        """Addresses of the database's copies."""
        return [url.strip() for url in self.database_replica_urls.split(",") if url.strip()]

    @property
    def media_folder(self) -> Path:
        """Where photos are kept by the folder storage."""
        return self.data_folder / "media"

    @property
    def private_folder(self) -> Path:
        """Where photos are kept that only signed-in people may see: proofs of payouts, damage at a delivery. No web server serves it."""
        return self.data_folder / "private"

    @property
    def search_folder(self) -> Path:
        """Where the search index is kept."""
        return self.data_folder / "index"

    @property
    def mailbox_folder(self) -> Path:
        """Where mails land when mail_url is `folder:`."""
        return self.data_folder / "mailbox"

    @property
    def takes_cards(self) -> bool:
        """Whether Stripe is configured."""
        return bool(self.stripe_secret_key and self.stripe_webhook_secret)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from `ETALASE_*` variables; raises SettingsError for unreadable values and for unsafe production."""
    source = os.environ if environ is None else environ
    values: dict[str, object] = {}
    problems: list[str] = []
    for item in fields(Settings):
        name = f"ETALASE_{item.name.upper()}"
        if name not in source:
            continue
        text = source[name]
        if item.type == "int":
            if not text.isascii() or not text.isdigit():
                problems.append(f"{name} must be a whole number, not {text!r}")
                continue
            values[item.name] = int(text)
        elif item.type == "Path":
            values[item.name] = Path(text).expanduser().resolve()
        else:
            values[item.name] = text
    settings = Settings(**values)  # type: ignore[arg-type]  # the loop above gives each field its own type
    problems += _unsafe(settings)
    if settings.is_production and source.get("ETALASE_CRASH_AT"):
        problems.append("ETALASE_CRASH_AT kills the process on purpose and belongs to tests only")
    if problems:
        raise SettingsError("Etalase cannot start with these settings:\n- " + "\n- ".join(problems))
    return settings


def _unsafe(settings: Settings) -> list[str]:
    if settings.mode not in ("production", "demo", "test"):
        return [f"ETALASE_MODE must be production, demo or test, not {settings.mode!r}"]
    if settings.zone not in ("WIB", "WITA", "WIT"):
        return [f"ETALASE_ZONE must be WIB, WITA or WIT, not {settings.zone!r}"]
    if unknown := sorted(settings.roles_with_second_factor - set(STAFF_ROLES)):
        return [f"ETALASE_SECOND_FACTOR_ROLES may name {', '.join(STAFF_ROLES)} or none, not {', '.join(unknown)}"]
    problems = _misplaced(settings)
    if not settings.is_production:
        return problems
    if len(settings.secret_key) < 32 or settings.secret_key == DEMO_SECRET:
        problems.append("ETALASE_SECRET_KEY must be a random text of 32 characters or more")
    if not settings.base_url.startswith("https://"):
        problems.append("ETALASE_BASE_URL must be the public https:// address")
    if settings.stripe_api_base:
        problems.append("ETALASE_STRIPE_API_BASE belongs to demo and tests only")
    if settings.stripe_secret_key and not settings.stripe_webhook_secret:
        problems.append("ETALASE_STRIPE_WEBHOOK_SECRET is missing although ETALASE_STRIPE_SECRET_KEY is set")
    return problems


def _misplaced(settings: Settings) -> list[str]:
    """What needs PostgreSQL and stands beside another database."""
    is_postgresql = settings.database.startswith("postgresql")
    problems = []
    if settings.search_engine not in ("whoosh", "postgresql"):
        problems.append(f"ETALASE_SEARCH_ENGINE must be whoosh or postgresql, not {settings.search_engine!r}")
    if settings.search_engine == "postgresql" and not is_postgresql:
        problems.append("ETALASE_SEARCH_ENGINE=postgresql needs a PostgreSQL address in ETALASE_DATABASE_URL")
    if settings.replicas and not (is_postgresql and all(url.startswith("postgresql") for url in settings.replicas)):
        problems.append("ETALASE_DATABASE_REPLICA_URLS must be PostgreSQL addresses, copies of the one in ETALASE_DATABASE_URL")
    return problems
