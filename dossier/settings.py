"""All settings, in one typed object: environment (`SOHOA_…`, nested by `__`), then `sohoa.toml`, then defaults."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from dossier.errors import ConfigurationError
from dossier.model import places
from dossier.targets import AnyTarget, TargetName, clashes


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSettings(Section):
    """An S3 store. Without endpoint, `sohoa up` starts the embedded one, its keys under the data directory."""

    endpoint: str | None = Field(default=None, description="host:port, no scheme")
    secure: bool = False
    region: str = "us-east-1"
    access_key: str | None = None
    secret_key: SecretStr | None = None
    prefix: str = Field(default="", description="put before every bucket name, for a shared store")


class ReadingSettings(Section):
    """Limits of the reading of pages; a hostile file dies at them."""

    processes: int = Field(default=0, ge=0, description="0: one a core")
    page_timeout_s: float = Field(
        default=90.0, gt=0, description="wall time for one page, then its process is killed"
    )
    memory_mb: int = Field(default=6144, ge=1024, description="address space of one reading process")
    max_file_mb: int = Field(default=512, ge=1)
    max_pages: int = Field(default=2000, ge=1, description="pages of one file")
    max_megapixels: float = Field(default=100.0, gt=0, description="pixels of one page; A3 at 600 dpi has 70")
    engine: str = Field(default="tesserocr", description="first reader: tesserocr or pytesseract")
    second_reader: bool = Field(
        default=True, description="AsterOCR on fields, a third reader on lines in dispute"
    )
    recycle_after: int = Field(
        default=200, ge=1, description="tasks after which a reading process is renewed"
    )
    signature_roots: Path | None = Field(
        default=None,
        description="roots (and intermediates) below which signatures of incoming papers are trusted, PEM or DER: "
        "a file or a folder",
    )


class IntakeSettings(Section):
    """How the inbox is watched."""

    quiet_s: float = Field(
        default=60.0, ge=0, description="no change for so long: the dossier is taken as complete"
    )
    poll_s: float = Field(default=2.0, gt=0, description="pause between two listings")
    dossiers_in_flight: int = Field(default=3, ge=1)
    lease_s: float = Field(default=60.0, gt=1, description="a lease not renewed for so long is free")
    attempts: int = Field(default=3, ge=1, description="tries of a dossier on transient errors")


class SourcesSettings(Section):
    """Files that stand in for outside sources: CSV, UTF-8, with a header (storage/sources). None: not connected."""

    population_database: Path | None = Field(default=None, description="people by personal ID")
    verification_log: Path | None = Field(default=None, description="values taken over, when verified")
    upstream: Path | None = Field(default=None, description="arrivals of results at the receiving system")
    shared_catalogues: Path | None = Field(default=None, description="refreshes of the shared lists")
    agency_certificates: Path | None = Field(default=None, description="signing certificates of agencies")
    business_lines: Path | None = Field(default=None, description="lines of business (VSIC, level 4)")
    archive: Path | None = Field(default=None, description="terms and fixity checks of archived dossiers")
    defects: Path | None = Field(
        default=None,
        description="dossiers returned and still open; of itself from the records under `sohoa up`",
    )


class ReconcileSettings(Section):
    """How the nightly account is made."""

    late: timedelta = Field(
        default=timedelta(hours=2), description="what is younger may still be in work and is not looked at"
    )


class TokenSettings(Section):
    """A signing key in a token or a security module, by PKCS#11. Needs the package python-pkcs11."""

    module: Path = Field(description="the maker's PKCS#11 library (.so)")
    token: str | None = Field(default=None, description="label of the token; None: the only one, or `slot`")
    slot: int | None = Field(
        default=None, ge=0, description="slot number, where several tokens have one label"
    )
    key: str = Field(description="label of the private key")
    certificate: str | None = Field(
        default=None, description="label of the certificate; None: that of the key"
    )
    pin: SecretStr


class SealingSettings(Section):
    """The organisation's electronic signature on sealed copies. Without a key copies are made unsigned."""

    certificate: Path | None = Field(
        default=None, description="PKCS#12 file with key, certificate and its chain"
    )
    passphrase: SecretStr | None = Field(default=None, description="of the PKCS#12 file")
    pkcs11: TokenSettings | None = Field(default=None, description="a token in place of a file")
    chain: Path | None = Field(
        default=None, description="intermediate certificates that file or token do not bring, PEM or DER"
    )
    timestamp_url: str | None = Field(
        default=None, description="time-stamp authority (RFC 3161), http or https"
    )
    timestamp_timeout_s: float = Field(default=10.0, gt=0, le=120)
    organisation: str = Field(
        default="", max_length=200, description="as printed; empty: that of the certificate"
    )
    copy_kind: str = Field(default="Sao y", max_length=40, description="form of copy as printed; empty: none")
    font: Path | None = Field(
        default=None, description="TrueType file for what is printed; None: Liberation Serif"
    )
    roots: Path | None = Field(
        default=None, description="roots below which our own seals are trusted, as `reading.signature_roots`"
    )

    @model_validator(mode="after")
    def _one_key(self) -> Self:
        if self.certificate and self.pkcs11:
            raise ValueError("certificate and pkcs11 are two keys, name one")
        if self.timestamp_url and not self.timestamp_url.startswith(("http://", "https://")):
            raise ValueError("timestamp_url begins with http:// or https://")
        return self


class KeepingSettings(Section):
    """How long what was kept stays as it is, and how often it is looked at."""

    mode: Literal["governance", "compliance"] = Field(
        default="governance",
        description="governance: an administrator may lift a lock (a court, a person's right to erasure);"
        " compliance: nobody may, until it ends",
    )
    days: int = Field(
        default=3650,
        ge=1,
        description="lock of each new object version; ten years until an office sets its term",
    )
    fixity_days: int = Field(
        default=90, ge=1, description="every object is read and hashed once in so many days"
    )
    fixity_least_mb: int = Field(
        default=1024,
        ge=0,
        description="read at least so much a night; a small store is seen whole every night",
    )
    uploads_days: int = Field(default=2, ge=1, description="life of an upload in parts that nobody ended")


class ReaderSettings(Section):
    """A downstream reader of the store: gets keys of its own, for these offices only."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,40}$")
    offices: tuple[Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9.-]*$")], ...] = Field(min_length=1)


class BackupSettings(Section):
    """Where the nightly backup goes. Without `to` there is none."""

    to: str | None = Field(
        default=None,
        description="a folder, s3://BUCKET/PREFIX at backup.store, or https://HOST/BUCKET/PREFIX",
    )
    store: StoreSettings = Field(default=StoreSettings(), description="the second store, for copies to S3")
    secrets: bool = Field(
        default=False,
        description="also sohoa.toml and the embedded store's keys; keep such a backup encrypted",
    )
    threads: int = Field(default=8, ge=1, le=64, description="objects copied at once")


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="SOHOA_", env_nested_delimiter="__", extra="forbid", frozen=True, toml_file="sohoa.toml"
    )

    data: Path = Field(default=Path(".sohoa"), description="all state of the embedded stack")
    offices: tuple[str, ...] = Field(default=("H13.96.31",), description="offices that get drop credentials")
    store: StoreSettings = StoreSettings()
    reading: ReadingSettings = ReadingSettings()
    intake: IntakeSettings = IntakeSettings()
    index_url: str | None = Field(
        default=None, description="SQLAlchemy URL; default SQLite under the data directory"
    )
    prefect_api_url: str | None = Field(
        default=None, description="an own Prefect server instead of the embedded"
    )
    required_sources: tuple[str, ...] = Field(
        default=(), description="outside sources whose absence counts at a rule's own severity"
    )
    keeping: KeepingSettings = KeepingSettings()
    readers: tuple[ReaderSettings, ...] = Field(
        default=(), description="downstream readers of records and feed, each with keys of its own"
    )
    reconcile: ReconcileSettings = ReconcileSettings()
    backup: BackupSettings = BackupSettings()
    sources: SourcesSettings = SourcesSettings()
    targets: dict[TargetName, AnyTarget] = Field(
        default_factory=dict, description="downstream databases by name: `[targets.NAME]`"
    )
    sealing: SealingSettings = SealingSettings()
    work_expires: timedelta = Field(default=timedelta(days=30), description="life of derived page results")

    @field_validator("targets")
    @classmethod
    def _apart(cls, targets: dict[str, AnyTarget]) -> dict[str, AnyTarget]:
        if met := clashes(targets):
            raise ValueError(f"{'; '.join(met)} write into the same tables: give one another prefix")
        return targets

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003  (pydantic passes them by name)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load_settings() -> Settings:
    """The settings of this process. Raises ConfigurationError naming each wrong key."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError("settings-invalid", places(error)) from None
