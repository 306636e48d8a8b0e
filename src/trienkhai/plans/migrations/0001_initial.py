import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('directives', '0001_initial'),
        ('files', '0001_initial'),
        ('organisation', '0001_initial'),
        ('rollouts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Plan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=300)),
                ('purpose', models.TextField(blank=True)),
                ('organising', models.TextField(blank=True)),
                ('adopted_on', models.DateField(null=True)),
                ('adopted_seq', models.BigIntegerField(null=True)),
                ('changed_seq', models.BigIntegerField(default=0, editable=False)),
                ('rollout', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='rollouts.rollout')),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='organisation.unit')),
            ],
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveIntegerField()),
                ('text', models.TextField()),
                ('lead', models.CharField(blank=True, max_length=200)),
                ('deadline_on', models.DateField(null=True)),
                ('product', models.CharField(blank=True, max_length=250)),
                ('is_urgent', models.BooleanField(default=False)),
                ('lead_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit')),
                ('provision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='directives.provision')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='measures', to='plans.plan')),
            ],
        ),
        migrations.CreateModel(
            name='Adoption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recorded_seq', models.BigIntegerField(editable=False)),
                ('recorded_on', models.DateField(editable=False)),
                ('superseded_seq', models.BigIntegerField(editable=False, null=True)),
                ('superseded_on', models.DateField(editable=False, null=True)),
                ('valid_on', models.DateField()),
                ('number', models.CharField(blank=True, max_length=60)),
                ('signer', models.CharField(blank=True, max_length=120)),
                ('signer_post', models.CharField(blank=True, max_length=120)),
                ('note', models.CharField(blank=True, max_length=250)),
                ('scan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adoptions', to='plans.plan')),
            ],
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.UniqueConstraint(fields=('rollout', 'unit'), name='one_plan_a_unit'),
        ),
        migrations.AddConstraint(
            model_name='plan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('adopted_on__isnull', True), ('adopted_seq__isnull', True)), models.Q(('adopted_on__isnull', False), ('adopted_seq__isnull', False)), _connector='OR'), name='plan_adopted_or_not'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.UniqueConstraint(fields=('plan', 'position'), name='one_measure_a_position'),
        ),
        migrations.AddConstraint(
            model_name='measure',
            constraint=models.CheckConstraint(condition=models.Q(('lead_unit__isnull', True), ('lead', ''), _connector='OR'), name='one_lead_a_measure'),
        ),
        migrations.AddConstraint(
            model_name='adoption',
            constraint=models.UniqueConstraint(condition=models.Q(('superseded_seq__isnull', True)), fields=('plan',), name='one_adoption_a_plan'),
        ),
    ]
