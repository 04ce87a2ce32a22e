# The site as it is deployed: one program with the built site beside it, run by an account of its own.

FROM rust:1.95.0-bookworm AS builder
# Node runs wasm-opt.
COPY --from=node:22-bookworm-slim /usr/local /usr/local
WORKDIR /build
# The tools first: they change seldom, and building them takes long.
COPY rust-toolchain.toml Cargo.lock ./
COPY scripts/env.sh scripts/setup.sh scripts/
COPY scripts/tools/package.json scripts/tools/package-lock.json scripts/tools/
RUN scripts/setup.sh build
COPY . .
RUN scripts/build.sh

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl ffmpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/lectern --create-home lectern
COPY --from=builder /build/target/release/lectern /build/target/release/hash.txt /opt/lectern/
COPY --from=builder /build/target/site /opt/lectern/site
RUN ln -s /opt/lectern/lectern /usr/local/bin/lectern
USER lectern
WORKDIR /var/lib/lectern
ENV LECTERN_DATA_DIR=/var/lib/lectern LISTEN_ADDR=0.0.0.0:3000
VOLUME /var/lib/lectern
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD curl -fsS -o /dev/null http://127.0.0.1:3000/healthz
CMD ["lectern", "serve"]
