"""The audit trail can be added to, and nothing else: the database itself refuses."""

from django.db import migrations

FORBID = """
CREATE FUNCTION mission_audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit trail is append-only';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON mission_auditentry
    FOR EACH ROW EXECUTE FUNCTION mission_audit_append_only();
"""
ALLOW = """
DROP TRIGGER audit_append_only ON mission_auditentry;
DROP FUNCTION mission_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("mission", "0001_ground")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
