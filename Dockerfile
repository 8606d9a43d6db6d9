# Triptych with everything that it needs: Node, the embedded PostgreSQL, ffmpeg, the HEIC decoder.
#   docker build -t triptych .
#   docker run -p 8080:8080 -v triptych:/data -e PUBLIC_URL=https://photos.example triptych
# Nothing but /data and /tmp is written, so it also runs with `--read-only --tmpfs /tmp`.

# The first Node 24 with all security fixes that matter here; tools/image/prove.sh puts a base of its own in its place.
ARG NODE_IMAGE=docker.io/library/node:24.22.1-trixie-slim
FROM ${NODE_IMAGE} AS base
WORKDIR /app


FROM base AS build
COPY package.json package-lock.json .npmrc ./
COPY sdk/package.json sdk/
RUN npm ci
COPY . .
# What stays behind: the tools of developers, a second Node beside the one of the base image, and a compiler that a
# library names as a peer without ever loading it, and the package for clients.
RUN node tools/build.js \
  && npm prune --omit=dev \
  && cd node_modules \
  && rm -rf .bin .cache node-linux-* typescript @typescript @types @triptych \
  && find . -type f '(' -name '*.d.ts' -o -name '*.d.[cm]ts' -o -name '*.map' ')' -delete


FROM base
# ffmpeg's library for windows asks for Mesa's renderer and LLVM (200 MB), which are loaded only to draw on a screen.
# They go again in the same layer, and ffmpeg proves that it lives without them.
RUN apt-get update \
  && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ffmpeg libchromaprint-tools libheif-examples tini \
  && dpkg-query -W -f '${Package}\n' libglx-mesa0 mesa-libgallium 'libllvm[0-9]*' libz3-4 \
    | xargs dpkg --purge --force-depends \
  && ffmpeg -v error -f lavfi -i testsrc=d=0.1 -c:v libx264 -f null - \
  && rm -rf /var/lib/apt/lists/* /var/cache/apt/*
# The embedded PostgreSQL wants an account with a name.
RUN groupadd --gid 10001 triptych \
  && useradd --uid 10001 --gid 10001 --no-log-init --home-dir /data --no-create-home --shell /usr/sbin/nologin triptych \
  && install -d -o triptych -g triptych -m 700 /data \
  && ln -s /app/bin/triptych.js /usr/local/bin/triptych
COPY package.json LICENSE ./
COPY bin bin
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist

ENV NODE_ENV=production DATA_DIR=/data ROLE=all DRAIN_DELAY_SECONDS=3
USER 10001:10001
VOLUME /data
# The metrics listen on loopback until METRICS_HOST says otherwise.
EXPOSE 8080 9464
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["node", "-e", \
  "fetch(`http://127.0.0.1:${process.env.PORT || 8080}/livez`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# tini passes signals on and buries the children that nobody waits for.
ENTRYPOINT ["tini", "--", "node", "--max-semi-space-size=16", "--expose-gc", "--enable-source-maps", "dist/src/main.js"]
