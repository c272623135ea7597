# The console, the worker and the commands in one image, without a database. docs/containers.md says how to run it.
ARG NODE_IMAGE=docker.io/library/node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
ENV NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --include=dev --no-audit --no-fund
COPY . .
RUN node scripts/bootstrap.mjs build \
  && node scripts/image/bundle.mjs /build/dist \
  && node scripts/image/assemble.mjs /image

FROM ${NODE_IMAGE}
WORKDIR /app
COPY --from=build /image /app
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 NEXT_TELEMETRY_DISABLED=1
# No account of the base image, so that no file of the image belongs to whom it runs as.
USER 10001:10001
# The console; gRPC without and with TLS, when GRPC_PORT and GRPC_TLS_PORT say so (docs/clarifai-grpc.md).
EXPOSE 3000 50051 50052
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["node", "scripts/image/health.mjs"]
ENTRYPOINT ["node", "scripts/image/entrypoint.mjs"]
CMD ["web"]
