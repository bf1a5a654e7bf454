"""People who sign in: users, teams, territories, and the marks of their sign-ins."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac
from django.utils.translation import gettext_lazy as _

from veche.accounts.roles import Role


def new_stamp() -> str:
    """A fresh value for `User.session_stamp`."""
    return get_random_string(22)


class Territory(models.Model):
    """A constituency, a district, a collector's turf: a tree, so that a right to the whole covers its parts."""

    name = models.CharField(max_length=200)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("name"), "parent", name="accounts_territory_once", nulls_distinct=False
            )
        ]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """People who work together: what one of them may see, all of them may."""

    name = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="accounts_team_name_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in, by e-mail address."""

    class Reach(models.TextChoices):
        """How much of the base a user sees."""

        EVERYTHING = "everything", _("The whole base")
        TEAMS = "teams", _("Campaigns and territories of their teams")
        OWN = "own", _("Only people given to them")

    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role, default=Role.VOLUNTEER)
    reach = models.CharField(max_length=12, choices=Reach, default=Reach.OWN)
    teams = models.ManyToManyField(Team, blank=True, related_name="members")
    territories = models.ManyToManyField(Territory, blank=True, related_name="users")
    language = models.CharField(max_length=5, default="ru")
    is_active = models.BooleanField(default=True)
    session_stamp = models.CharField(
        max_length=22, default=new_stamp
    )  # a new one ends all the user's sessions
    made_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = Users()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="accounts_user_email_once")]
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Every session carries this; Django ends those whose value is not today's (password or stamp changed)."""
        return salted_hmac(
            "veche.accounts.session",
            f"{self.password}:{self.session_stamp}",
            secret=secret,
            algorithm="sha256",
        ).hexdigest()


class SignInBackoff(models.Model):
    """How often in a row signing in with an e-mail address failed, whether or not it is anybody's address.

    `digest` is the SHA-256 of the address in lower case, so that strangers' typing leaves no addresses behind.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    failed_at = models.DateTimeField(default=timezone.now)
    wait_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures} by {self.failed_at:%Y-%m-%d %H:%M}"


class SignInLink(models.Model):
    """A link that signs a user in once. Only its SHA-256 is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    valid_until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user_id} {self.made_at:%Y-%m-%d %H:%M}"


class SignIn(models.Model):
    """A sign-in, or a try at one, that its user can look at."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField(default=timezone.now)
    method = models.CharField(max_length=20)  # password, link, passkey, totp
    succeeded = models.BooleanField()
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="accounts_signin_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.at:%Y-%m-%d %H:%M}"
