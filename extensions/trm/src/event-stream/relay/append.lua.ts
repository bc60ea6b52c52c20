/**
 * Appends entries if and only if the stream still ends where the caller last saw it end, in one atomic step.
 *
 * Explicit ids alone refuse a repeat. The comparison covers what they do not: a stream that was emptied between two
 * batches would take the next id and keep a hole before it, and a pipeline whose third entry is refused for want of
 * memory would go on to the fourth. A script of a leader that was deposed meanwhile finds another end and adds nothing.
 *
 * What all entries share is sent once: encoding and reading three times as many strings costs more than all the rest.
 *
 * KEYS[1] the stream; ARGV[1] the expected last id ("0-0" for none); ARGV[2] and ARGV[3] how many strings are shared and
 * how many differ; the shared names and values; the names of what differs; then for each entry the values of these. The
 * first value is the sequence; the last field is left out where its value is empty.
 * Returns 1 and the new last id, or 0 and the one found. The id alone would not do: somebody else may have added just ours.
 */
export const APPEND = `
local stream, expected = KEYS[1], ARGV[1]
local shared, varying = tonumber(ARGV[2]), tonumber(ARGV[3])
local last = '0-0'

if redis.call('EXISTS', stream) == 1 then
	local info = redis.call('XINFO', 'STREAM', stream)
	for i = 1, #info, 2 do
		if info[i] == 'last-generated-id' then last = info[i + 1] end
	end
end

if last ~= expected then return {0, last} end

-- One table for all entries: its id, what is shared, then each name with its value behind it.
local entry, width = {''}, 1 + shared + 2 * varying
for i = 1, shared do entry[1 + i] = ARGV[3 + i] end
for i = 1, varying do entry[shared + 2 * i] = ARGV[3 + shared + i] end

for at = 4 + shared + varying, #ARGV, varying do
	entry[1] = ARGV[at] .. '-0'
	for i = 1, varying do entry[1 + shared + 2 * i] = ARGV[at + i - 1] end
	last = redis.call('XADD', stream, unpack(entry, 1, entry[width] == '' and width - 2 or width))
end

return {1, last}
`;
