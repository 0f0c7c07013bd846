"""What a process does now and then."""

from contacts_tui.services import upkeep
from tests.services.world import World


def test_templates_are_due_when_never_fetched_and_again_after_a_while(world: World) -> None:
    assert world.store.call_read(upkeep.due_for_sync) == (world.whatsapp.id,)
    world.template()
    assert world.store.call_read(upkeep.due_for_sync) == ()
    world.clock.now += upkeep.TEMPLATES_FRESH
    assert world.store.call_read(upkeep.due_for_sync) == (world.whatsapp.id,)
