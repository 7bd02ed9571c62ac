from django.db import migrations, models


class Migration(migrations.Migration):
    """Shares of every right; allocations that were put to the vote or gave way to a later one."""

    dependencies = [
        ("licensing", "0011_votes_inventions_lineage"),
    ]

    operations = [
        migrations.AlterField(
            model_name="allocation",
            name="state",
            field=models.CharField(
                choices=[
                    ("run", "Calculated"),
                    ("attested", "Attested"),
                    ("proposed", "Proposed"),
                    ("adopted", "Adopted"),
                    ("superseded", "Superseded"),
                ],
                default="run",
                max_length=10,
            ),
        ),
        migrations.AlterModelOptions(name="share", options={"ordering": ["right", "member__organization__code"]}),
        migrations.RemoveConstraint(model_name="share", name="one_share_per_member"),
        migrations.AddField(
            model_name="share",
            name="right",
            field=models.CharField(default="revenue", max_length=20),
        ),
        migrations.AddConstraint(
            model_name="share",
            constraint=models.UniqueConstraint(
                fields=["allocation", "right", "member"], name="one_share_per_member_and_right"
            ),
        ),
    ]
