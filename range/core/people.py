"""Who takes part in a session and who runs it, as the record keeps them."""

from dataclasses import dataclass
from typing import Literal

Part = Literal["participant", "operator", "instructor"]


@dataclass(frozen=True, slots=True)
class Person:
    """One person: a name or pseudonym, the part they have in the session, and what they said of themselves.

    `role` is whom they play or are (officer, resident, witness), `body` their agency or group, `consent` what they
    agreed to, in words; each is empty where it was not asked.
    """

    name: str
    part: Part = "participant"
    role: str = ""
    body: str = ""
    consent: str = ""
