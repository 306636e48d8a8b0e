import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('files', '0001_initial'),
        ('organisation', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Directive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('resolution', 'resolution'), ('instruction', 'instruction'), ('conclusion', 'conclusion'), ('regulation', 'regulation'), ('guidance', 'guidance'), ('plan', 'plan'), ('programme', 'programme'), ('notice', 'notice'), ('official_letter', 'official_letter'), ('other', 'other')], max_length=20)),
                ('number', models.CharField(max_length=60)),
                ('issuer', models.CharField(max_length=200)),
                ('issued_on', models.DateField()),
                ('title', models.CharField(max_length=500)),
                ('received_on', models.DateField(null=True)),
                ('folded', models.TextField()),
                ('spelt', models.TextField()),
                ('changed_seq', models.BigIntegerField(default=0, editable=False)),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='directives', to='organisation.unit')),
            ],
        ),
        migrations.CreateModel(
            name='DirectiveFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveSmallIntegerField(default=0)),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='directives.directive')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.storedfile')),
            ],
        ),
        migrations.CreateModel(
            name='Provision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('position', models.PositiveIntegerField()),
                ('depth', models.PositiveSmallIntegerField(default=0)),
                ('label', models.CharField(blank=True, max_length=30)),
                ('text', models.TextField(blank=True)),
                ('folded', models.TextField(blank=True)),
                ('spelt', models.TextField(blank=True)),
                ('directive', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='provisions', to='directives.directive')),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='directives.provision')),
            ],
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('guides', 'guides'), ('implements', 'implements'), ('replaces', 'replaces')], max_length=20)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='directives.directive')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='related', to='directives.directive')),
            ],
        ),
        migrations.AddIndex(
            model_name='directive',
            index=models.Index(fields=['-issued_on', '-id'], name='directive_newest'),
        ),
        migrations.AddConstraint(
            model_name='directive',
            constraint=models.UniqueConstraint(fields=('owner', 'number', 'issued_on'), name='one_directive_per_number'),
        ),
        migrations.AddConstraint(
            model_name='provision',
            constraint=models.UniqueConstraint(fields=('directive', 'position'), name='one_provision_per_position'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('source', 'target', 'kind'), name='one_relation_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='no_relation_to_itself'),
        ),
    ]
