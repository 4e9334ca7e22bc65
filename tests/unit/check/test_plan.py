from groundplan.check.plan import without_computed


def _plan(address: str, unknown: dict) -> dict:
    return {
        "configuration": {
            "root_module": {
                "module_calls": {
                    "network": {
                        "module": {"resources": [{"address": "aws_route.out", "expressions": {"gateway_id": {}}}]}
                    }
                }
            }
        },
        "resource_changes": [{"address": address, "change": {"actions": ["create"], "after_unknown": unknown}}],
    }


def test_what_the_provider_fills_in_is_not_a_value_the_configuration_sets():
    plan = _plan('module.network.aws_route.out["a"]', {"gateway_id": True, "instance_id": True, "id": True})

    change = without_computed(plan)["resource_changes"][0]

    assert change["change"]["after_unknown"] == {"gateway_id": True}
    assert change["change"]["actions"] == ["create"]
    assert plan["resource_changes"][0]["change"]["after_unknown"]["instance_id"] is True


def test_a_resource_that_the_configuration_does_not_hold_stays_as_it_is():
    unknown = {"id": True}
    change = without_computed(_plan("aws_route.gone", unknown))["resource_changes"][0]

    assert change["change"]["after_unknown"] == unknown
