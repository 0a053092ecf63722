# docker build -t protopact . && docker run --rm -v "$PWD:/work" protopact check
FROM rust:1.89-alpine AS build
# libgit2 and mimalloc are built along.
# hadolint ignore=DL3018
RUN apk add --no-cache build-base
WORKDIR /src
COPY . .
RUN cargo build --locked --release

FROM alpine:3.22
COPY --from=build /src/target/release/protopact /usr/local/bin/protopact
# The repository that is mounted belongs to somebody else; it is only read, and nothing of its configuration is run.
RUN printf '[safe]\n\tdirectory = *\n' >/etc/gitconfig && adduser -D -H -u 10001 protopact
USER 10001
WORKDIR /work
ENTRYPOINT ["protopact"]
CMD ["check"]
