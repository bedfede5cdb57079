"""A centre's projects and their allocations, made in ColdFront. Run by bench/coldfront.py in ColdFront's own
environment; reads `{"titles": […], "name": …, "password": …}` from its standard input.

Models are asked for by name, so that our own checks need no ColdFront to be installed.
"""

import datetime
import itertools
import json
import sys
from typing import Any

import django
from django.apps import apps

CLUSTERS, LEADERS, BATCH = 12, 500, 5000


def model(name: str) -> Any:
    return apps.get_model(name)


def run(titles: list[str], name: str, password: str) -> None:
    """One project with one allocation for each title, and somebody who may see them all."""
    users = model("auth.User")
    users.objects.create_superuser(name, f"{name}@centre.example", password)
    leaders = users.objects.bulk_create(
        users(username=f"leader{n}", first_name=f"Given{n}", last_name=f"Family{n}", password="!")
        for n in range(LEADERS)
    )
    profile = model("user.UserProfile")
    profile.objects.bulk_create(profile(user=user, is_pi=True) for user in leaders)
    projects = make_projects(titles, leaders)
    allocations = make_allocations(projects)
    make_parts(allocations)


def make_projects(titles: list[str], leaders: list[Any]) -> list[Any]:
    project = model("project.Project")
    fields = list(model("field_of_science.FieldOfScience").objects.filter(is_selectable=True))
    states = model("project.ProjectStatusChoice").objects.filter(name__in=["Active", "New"])
    turn = zip(itertools.cycle(leaders), itertools.cycle(fields), itertools.cycle(states), strict=False)
    made = project.objects.bulk_create(
        (
            # A leader may not have two projects of one title, hence the number.
            project(title=f"{title} {n}", pi=pi, field_of_science=field, status=state, description=title)
            for n, (title, (pi, field, state)) in enumerate(zip(titles, turn, strict=False))
        ),
        batch_size=BATCH,
    )
    member = model("project.ProjectUser")
    role = model("project.ProjectUserRoleChoice").objects.get(name="Manager")
    active = model("project.ProjectUserStatusChoice").objects.get(name="Active")
    member.objects.bulk_create(
        (member(user_id=row.pi_id, project=row, role=role, status=active) for row in made), batch_size=BATCH
    )
    return list(made)


def make_allocations(projects: list[Any]) -> list[Any]:
    allocation = model("allocation.Allocation")
    states = model("allocation.AllocationStatusChoice").objects.filter(
        name__in=["Active", "New", "Denied", "Expired", "Renewal Requested"]
    )
    today = datetime.datetime.now(tz=datetime.UTC).date()
    return list(
        allocation.objects.bulk_create(
            (
                allocation(
                    project=project,
                    status=state,
                    justification="Needed for the work described.",
                    start_date=today - datetime.timedelta(days=project.pk % 365),
                    end_date=today + datetime.timedelta(days=365 - project.pk % 365),
                )
                for project, state in zip(projects, itertools.cycle(states), strict=False)
            ),
            batch_size=BATCH,
        )
    )


def make_parts(allocations: list[Any]) -> None:
    """What hangs on each: its resource, which the list shows; its user; its hours."""
    resource = model("resource.Resource")
    kind = model("resource.ResourceType").objects.get(name="Cluster")
    clusters = resource.objects.bulk_create(
        resource(name=f"Cluster {n}", resource_type=kind, description="A cluster") for n in range(CLUSTERS)
    )
    link = resource.allocation_set.through
    link.objects.bulk_create(
        (
            link(allocation=row, resource=cluster)
            for row, cluster in zip(allocations, itertools.cycle(clusters), strict=False)
        ),
        batch_size=BATCH,
    )
    user = model("allocation.AllocationUser")
    active = model("allocation.AllocationUserStatusChoice").objects.get(name="Active")
    user.objects.bulk_create(
        (user(allocation=row, user_id=row.project.pi_id, status=active) for row in allocations),
        batch_size=BATCH,
    )
    attribute = model("allocation.AllocationAttribute")
    hours = model("allocation.AllocationAttributeType").objects.get(name="Core Usage (Hours)")
    attribute.objects.bulk_create(
        (attribute(allocation=row, allocation_attribute_type=hours, value="150000") for row in allocations),
        batch_size=BATCH,
    )


if __name__ == "__main__":
    django.setup()
    run(**json.load(sys.stdin))
