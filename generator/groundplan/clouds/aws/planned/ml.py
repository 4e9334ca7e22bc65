"""Machine learning: SageMaker and Bedrock."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.planned.shapes import rule, unmetered
from groundplan.clouds.billing import ALWAYS, Amount, Use, use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.quantities import HOURS_PER_MONTH, Band

NOTEBOOK_GIB = Decimal(5)
"""Storage of a notebook instance that names none:
https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/sagemaker_notebook_instance, volume_size."""


def _notebook(r: Planned, _: Catalog) -> Iterable[Use]:
    name = r.text("instance_type")
    hours = r.usage("monthly_hrs") or Band.of(HOURS_PER_MONTH)
    if not name:
        yield unstated("ml.notebook", "hour", "the type is known only after apply")
    else:
        words = ALWAYS if hours.expected == HOURS_PER_MONTH else f"{hours.expected:f} hours of the usage file"
        yield use(f"ml.notebook.{name}", "hour", Amount(hours, words))
    gib = r.number("volume_size") or NOTEBOOK_GIB
    yield use("ml.storage", "gib_month", Amount.of(gib, f"{gib:f} GiB"))


def _endpoint(r: Planned, _: Catalog) -> Iterable[Use]:
    """The instances of every variant that its configuration names."""
    configuration = r.referred("endpoint_config_name", of="aws_sagemaker_endpoint_configuration")
    if configuration is None:
        yield unstated("ml.endpoint", "hour", "its configuration is not in the plan")
        return
    for variant in (*configuration.blocks("production_variants"), *configuration.blocks("shadow_production_variants")):
        yield _variant(variant)


def _variant(variant: Planned) -> Use:
    if variant.items("serverless_config"):
        return unstated("ml.serverless", "gib_second", "how long its calls take")
    name, instances = variant.text("instance_type"), variant.number("initial_instance_count")
    if not name:
        return unstated("ml.endpoint", "hour", "the type is known only after apply")
    if instances is None:
        return use(f"ml.endpoint.{name}", "hour", used("the number of instances is known only after apply"))
    return use(f"ml.endpoint.{name}", "hour", Amount.around_the_clock(f"{instances:f} instances, {ALWAYS}", instances))


def _training(r: Planned, _: Catalog) -> Iterable[Use]:
    name = r.text("resource_config", "instance_type") or r.text(
        "training_job_definition", "resource_config", "instance_type"
    )
    yield use(f"ml.training.{name}" if name else "ml.training", "hour", r.stated("monthly_hrs", "hours that it runs"))


def _apps(_: Planned, __: Catalog) -> Iterable[Use]:
    yield unstated("ml.app", "hour", "instances of apps and notebooks while they run")
    yield unstated("file_store.standard", "gib_month", "the file system of its users")


USES = {
    "aws_bedrock_provisioned_model_throughput": rule(unmetered("ml.model_units", "hour", "units of the model")),
    "aws_sagemaker_app": rule(unmetered("ml.app", "hour", "its instance while it runs")),
    "aws_sagemaker_domain": _apps,
    "aws_sagemaker_endpoint": _endpoint,
    "aws_sagemaker_feature_group": rule(
        unmetered("ml.feature_write", "request", "writes of features"),
        unmetered("ml.feature_stored", "gib_month", "features"),
    ),
    "aws_sagemaker_notebook_instance": _notebook,
    "aws_sagemaker_pipeline": rule(unmetered("ml.processing", "hour", "instances of its steps")),
    "aws_sagemaker_training_job": _training,
}
