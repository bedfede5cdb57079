"""A submitted version can be added, and nothing else: the database itself refuses."""

from django.db import migrations

FORBID = """
CREATE FUNCTION grants_version_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a submitted version never changes';
END $$;
CREATE TRIGGER version_append_only BEFORE UPDATE OR DELETE ON grants_applicationversion
    FOR EACH ROW EXECUTE FUNCTION grants_version_append_only();
"""
ALLOW = """
DROP TRIGGER version_append_only ON grants_applicationversion;
DROP FUNCTION grants_version_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("grants", "0001_grants")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
