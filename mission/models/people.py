"""People who sign in, and the roles they hold. A role is granted by somebody, at a time, and can end."""

from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Everybody who signed in is an applicant; every other role is a `RoleGrant`."""

    APPLICANT = "applicant", _("Applicant")
    GRANTEE = "grantee", _("Grantee")
    REVIEWER = "reviewer", _("Reviewer")
    OFFICER = "officer", _("Officer")
    FINANCE = "finance", _("Finance")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")
    COMPUTE_PROVIDER = "compute_provider", _("Compute provider")


STAFF_ROLES = frozenset({Role.OFFICER, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR})


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person. The e-mail address is the name to sign in with; it is compared without case."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("may sign in"), default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Somebody already uses this e-mail address."),
            )
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[Role]:
        """The roles held now; one query, kept for the life of this object."""
        granted = RoleGrant.objects.current().filter(user=self).values_list("role", flat=True)
        return frozenset({Role.APPLICANT, *(Role(role) for role in granted)})

    @property
    def is_mission_staff(self) -> bool:
        return bool(self.roles & STAFF_ROLES)


class RoleGrantQuerySet(models.QuerySet["RoleGrant"]):
    def current(self) -> "RoleGrantQuerySet":
        return self.filter(ended_at=None)


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"], condition=models.Q(ended_at=None), name="role_held_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} as {self.get_role_display()}"


def display_name(user: User) -> str:
    """What allauth's pages and messages call a person."""
    return str(user)
