"""Changes to the organisation together with what they change in roll-outs: call these, not organisation's own."""

from collections.abc import Callable
from functools import wraps

from django.db import transaction

from trienkhai.organisation import actions
from trienkhai.organisation.actions import Change
from trienkhai.rollouts.actions.reconciling import reconcile


def reconciled[**P](action: Callable[P, Change]) -> Callable[P, Change]:
    """The same action, with obligations and figures brought in line in the same transaction."""

    @wraps(action)
    @transaction.atomic
    def run(*args: P.args, **kwargs: P.kwargs) -> Change:
        change = action(*args, **kwargs)
        reconcile(entry=change.entry, people=change.people, units=change.units)
        return change

    return run


open_unit = reconciled(actions.open_unit)
open_units = reconciled(actions.open_units)
rename_unit = reconciled(actions.rename_unit)
change_unit_kind = reconciled(actions.change_unit_kind)
move_unit = reconciled(actions.move_unit)
correct_unit = reconciled(actions.correct_unit)
close_unit = reconciled(actions.close_unit)
merge_units = reconciled(actions.merge_units)
split_unit = reconciled(actions.split_unit)
add_person = reconciled(actions.add_person)
add_people = reconciled(actions.add_people)
correct_person = reconciled(actions.correct_person)
merge_duplicate = reconciled(actions.merge_duplicate)
add_membership = reconciled(actions.add_membership)
add_memberships = reconciled(actions.add_memberships)
move_person = reconciled(actions.move_person)
move_people = reconciled(actions.move_people)
change_membership = reconciled(actions.change_membership)
end_membership = reconciled(actions.end_membership)
end_memberships = reconciled(actions.end_memberships)
give_post = reconciled(actions.give_post)
give_posts = reconciled(actions.give_posts)
end_post = reconciled(actions.end_post)
withdraw_post = reconciled(actions.withdraw_post)
undo = reconciled(actions.undo)
end_body = reconciled(actions.end_body)
