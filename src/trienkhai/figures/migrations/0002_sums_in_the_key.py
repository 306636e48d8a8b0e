"""On PostgreSQL the roll-up's key carries the sums, so that reading figures reads the index alone."""

from django.db import migrations

KEY = "unit, series_id, grain, valid_on, recorded_on"


def carry(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE figures_rollup DROP CONSTRAINT figures_rollup_pkey")
        editor.execute(f"ALTER TABLE figures_rollup ADD PRIMARY KEY ({KEY}) INCLUDE (n)")


class Migration(migrations.Migration):
    dependencies = [("figures", "0001_initial")]

    operations = [migrations.RunPython(carry, migrations.RunPython.noop)]
