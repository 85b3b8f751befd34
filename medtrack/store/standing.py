"""Which facts stand: worked out from the voids, and kept as the table that every reader consults."""

from medtrack.domain.undoing import Void, standing_targets
from medtrack.errors import RecordDamaged

from .record import FACTS, Record, check_seal


def refresh_voided(record: Record) -> None:
    """Work out again which facts no longer stand: the derived table that every reader consults."""
    voids = []
    for row in record.rows(
        "select void.*, action.uid as action_uid from void left join action on action.id = action_id"
    ):
        check_seal(record, "void", row, ("target", "reason"))
        voids.append(Void(row["uid"], row["action_uid"] or "", row["target"]))
    record.connection.execute("delete from voided")
    for uid in standing_targets(voids):
        action = record.row("select id, facts from action where uid = ?", (uid,))
        if action is None:
            record.connection.execute("insert or ignore into voided values (?)", (uid,))
            continue
        counts = [
            record.row(f"select count(*) from {kind} where action_id = ?", (action["id"],)) for kind in FACTS
        ]
        if sum(count[0] for count in counts if count is not None) != action["facts"]:
            raise RecordDamaged(path=record.path, why=f"what action {action['id']} wrote is not all there")
        for kind in FACTS:
            record.connection.execute(
                f"insert or ignore into voided select uid from {kind} where action_id = ?", (action["id"],)
            )
