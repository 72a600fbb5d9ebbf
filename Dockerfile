# `docker build .` builds ccxlog from source. A release puts its binaries into dist/ARCHITECTURE/ and builds with
# `--build-arg BINARY=released`.
ARG BINARY=built

# Also provides the CA certificates for reading from buckets.
FROM rust:1.95-slim-bookworm AS rust

FROM rust AS build
WORKDIR /src
COPY . .
RUN binary="$(packaging/build-static.sh)" && install -D "$binary" /out/ccxlog

FROM scratch AS built
COPY --from=build /out/ccxlog /ccxlog

FROM scratch AS released
ARG TARGETARCH
COPY dist/${TARGETARCH}/ccxlog /ccxlog

# hadolint ignore=DL3006
FROM ${BINARY} AS binary

FROM scratch
ARG SOURCE=""
ARG VERSION=""
ARG REVISION=""
LABEL org.opencontainers.image.title="ccxlog" \
      org.opencontainers.image.description="Validates the log events that OpenVPN CloudConnexa streams to S3" \
      org.opencontainers.image.licenses="Apache-2.0 OR MIT" \
      org.opencontainers.image.source="${SOURCE}" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=binary /ccxlog /usr/bin/ccxlog
COPY --from=rust /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY LICENSE-APACHE LICENSE-MIT /usr/share/licenses/ccxlog/
# A number, because the image has no /etc/passwd.
USER 65532:65532
WORKDIR /data
ENTRYPOINT ["/usr/bin/ccxlog"]
CMD ["--help"]
