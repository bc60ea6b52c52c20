/** The fields of a user that `$CURRENT_USER.…` of access.yaml stands for; the database keeps them (db-init/current/user-lists.sql). */
export const CALLER_LISTS = [
	...['member_of', 'owns', 'directs', 'operates', 'times', 'tracks'],
	...['borrowed_vehicles', 'borrowed_devices', 'rides', 'drives'],
] as const;
