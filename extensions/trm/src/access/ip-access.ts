import { BlockList, isIP } from 'node:net';

/**
 * Whether a policy counts for a caller at this address, as Directus's `ip_access` means it.
 * @param ipAccess addresses, networks (10.0.0.0/8) and ranges (a-b), separated by commas; none lets everybody in.
 */
export function isAllowedFrom(ipAccess: string | null, ip: string | null): boolean {
	const networks = (ipAccess ?? '').split(',').filter(Boolean);
	if (networks.length === 0) return true;
	if (ip === null || isIP(ip) === 0) return false;

	const allowed = new BlockList();
	for (const network of networks) add(allowed, network.trim());

	return allowed.check(ip, familyOf(ip));
}

/** What is no address gives nobody anything. */
function add(allowed: BlockList, network: string): void {
	const [first = '', last] = network.split('-');
	const [address = '', bits] = first.split('/');
	if (isIP(address) === 0) return;

	try {
		if (last !== undefined) allowed.addRange(address, last, familyOf(address));
		else if (bits !== undefined) allowed.addSubnet(address, Number(bits), familyOf(address));
		else allowed.addAddress(address, familyOf(address));
	} catch {
		return;
	}
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
	return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
