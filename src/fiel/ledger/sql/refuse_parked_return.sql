-- Keep with a return that waited why it cannot be applied, so that nobody tries again.
UPDATE parked_return SET refused = %(code)s WHERE program_id = %(program)s AND id = %(id)s
