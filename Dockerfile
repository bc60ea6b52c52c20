# The upstream image, and this repository's boot, migrations, bundle, snapshots, seeds and their generator. It needs nothing besides; with
# --target with-psql it has the PostgreSQL client too, for an operator.
# Needs BuildKit. How to run it: docs/deploy.md. What is shown of it: scripts/verify-image.sh.
ARG DIRECTUS_IMAGE=directus/directus:11.17.4

# On the machine's own platform: the bundle is the same for all.
FROM --platform=$BUILDPLATFORM ${DIRECTUS_IMAGE} AS builder
USER root

WORKDIR /build
COPY package.json package-lock.json ./
COPY extensions/trm/package.json extensions/trm/
# Everything the bundle needs is built into it, so all its packages are development packages. A private registry: --secret id=npmrc,src=…
RUN --mount=type=cache,target=/root/.npm --mount=type=secret,id=npmrc,target=/root/.npmrc \
	npm ci --include=dev --workspace extensions/trm --no-audit --no-fund --loglevel=error
COPY tsconfig.base.json ./
COPY scripts/lib/session.sql scripts/lib/
COPY packages packages
COPY tools tools
COPY extensions extensions
RUN npm run build \
	&& npm pkg delete scripts devDependencies --workspace extensions/trm

# The modes are set here, because those of a checkout depend on its umask, and any user of the container has to read all of it.
WORKDIR /image
COPY entrypoint.sh ./
COPY scripts scripts
COPY db-init db-init
COPY snapshots snapshots
COPY seeds seeds
RUN mkdir -p extensions/trm tools/seed \
	&& mv /build/extensions/trm/dist /build/extensions/trm/package.json extensions/trm/ \
	&& mv /build/tools/seed/dist tools/seed/ \
	&& chmod -R u=rwX,go=rX . \
	&& chmod 755 entrypoint.sh scripts/trm scripts/*.sh

FROM ${DIRECTUS_IMAGE} AS runtime
USER node
WORKDIR /directus
COPY --from=builder --chown=node:node /image/scripts scripts
COPY --from=builder --chown=node:node /image/entrypoint.sh ./
COPY --from=builder --chown=node:node /image/db-init db-init
COPY --from=builder --chown=node:node /image/extensions extensions
COPY --from=builder --chown=node:node /image/snapshots snapshots
COPY --from=builder --chown=node:node /image/seeds seeds
COPY --from=builder --chown=node:node /image/tools tools

# Under a read-only root these two would be the only other places that the server writes to.
ENV PM2_HOME=/tmp/pm2 TEMP_PATH=/tmp/directus

ARG VERSION=0.0.0
ARG REVISION=unknown
RUN node -p 'JSON.stringify({ version: process.env.VERSION, revision: process.env.REVISION, directus: require("./package.json").version })' >build.json
LABEL org.opencontainers.image.title="TRM Directus" \
	org.opencontainers.image.description="The business plane of a rally-raid race-management system" \
	org.opencontainers.image.licenses="MIT AND BUSL-1.1" \
	org.opencontainers.image.version="$VERSION" \
	org.opencontainers.image.revision="$REVISION"

# The start period covers DB_WAIT_TIMEOUT (60 s) and a first boot on a slow machine.
HEALTHCHECK --interval=5s --timeout=4s --start-period=600s --retries=3 \
	CMD wget -q -O /dev/null "http://127.0.0.1:${PORT:-8055}/server/ping" || exit 1
ENTRYPOINT ["/directus/entrypoint.sh"]
CMD []

FROM runtime AS with-psql
USER root
RUN apk add --no-cache postgresql-client
USER node

FROM runtime
