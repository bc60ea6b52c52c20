import { defineHook } from '@directus/extensions-sdk';
import type { Application } from 'express';
import { isBelow, segmentsOf } from '../../lib/request-path.js';
import { isRead, withMemory } from '../request-memory.js';
import { readListsOnce } from './read-once.js';

/** Reads the lists of organisations and rows that permissions compare with once for a request, where that only reads. */
export default defineHook(({ init }, { services }) => {
	// No filter hook can answer in place of a service.
	services.UsersService.prototype.readOne = readListsOnce(services.UsersService.prototype.readOne);

	init('routes.before', ({ app }) => {
		(app as Application).use((request, _response, next) => {
			// A flow that a GET starts may write.
			const onlyReads = isRead(request.method) && !isBelow(segmentsOf(request), 'flows');
			if (onlyReads) withMemory(next);
			else next();
		});
	});
});
