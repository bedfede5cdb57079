"""The log of identities can be added to, and nothing else: the database itself refuses."""

from django.db import migrations

FORBID = """
CREATE FUNCTION contributions_identity_log_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the log of identities is append-only';
END $$;
CREATE TRIGGER identity_log_append_only BEFORE UPDATE OR DELETE ON contributions_identityoperation
    FOR EACH ROW EXECUTE FUNCTION contributions_identity_log_append_only();
"""
ALLOW = """
DROP TRIGGER identity_log_append_only ON contributions_identityoperation;
DROP FUNCTION contributions_identity_log_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("contributions", "0005_what_moved")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
