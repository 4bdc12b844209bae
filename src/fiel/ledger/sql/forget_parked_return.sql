-- Forget a return that waited: it has been applied.
DELETE FROM parked_return WHERE program_id = %(program)s AND id = %(id)s
