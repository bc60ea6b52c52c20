/**
 * Appends entries if and only if the stream still ends where the caller last saw it end, in one atomic step.
 *
 * Explicit ids alone refuse a repeat. The comparison covers what they do not: a stream that was emptied between two
 * batches would take the next id and keep a hole before it, and a pipeline whose third entry is refused for want of
 * memory would go on to the fourth. A script of a leader that was deposed meanwhile finds another end and adds nothing.
 *
 * KEYS[1] the stream; ARGV[1] the expected last id ("0-0" for none); then for each entry how many strings it has, and
 * these, the first being its id. Returns 1 and the new last id, or 0 and the one found. The id alone would not do:
 * somebody else may have added just ours.
 */
export const APPEND = `
local stream, expected = KEYS[1], ARGV[1]
local last = '0-0'

if redis.call('EXISTS', stream) == 1 then
	local info = redis.call('XINFO', 'STREAM', stream)
	for i = 1, #info, 2 do
		if info[i] == 'last-generated-id' then last = info[i + 1] end
	end
end

if last ~= expected then return {0, last} end

local at = 2
while at <= #ARGV do
	local width = tonumber(ARGV[at])
	last = redis.call('XADD', stream, unpack(ARGV, at + 1, at + width))
	at = at + width + 1
end

return {1, last}
`;
