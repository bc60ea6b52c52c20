/**
 * The permissions of a caller for one action on one collection, as Directus finds them: those of the policies of his
 * roles and his own, and the public ones for somebody without a role.
 */
export const SELECT_PERMISSIONS = `
	SELECT permission.fields, permission.permissions AS filter, permission.presets, policy.ip_access
	FROM directus_permissions AS permission
	JOIN directus_policies AS policy ON policy.id = permission.policy
	WHERE permission.collection = :collection AND permission.action = :action
		AND EXISTS (
			SELECT FROM directus_access AS access
			WHERE access.policy = policy.id
				AND (
					access."user" = CAST(:user AS uuid)
					OR access.role = ANY(CAST(:roles AS uuid[]))
					OR (CAST(:anyRole AS boolean) IS FALSE AND access.role IS NULL AND access."user" IS NULL)
				)
		)
	ORDER BY permission.id`;
