# syntax=docker/dockerfile:1
# docker build -t holdfast:0.1.0-SNAPSHOT .
# The layout is that of the source tree, so that the launcher's paths hold: config/, engine-node/target/.

FROM maven:3.9-eclipse-temurin-25-noble AS build
WORKDIR /src
COPY pom.xml ./
COPY .mvn .mvn
COPY config config
COPY client client
COPY engine-node engine-node
COPY benchmarks/pom.xml benchmarks/pom.xml
COPY testkit/pom.xml testkit/pom.xml
# The AOT cache is of the JVM that makes it: below, not here.
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q -B -DskipTests -Dholdfast.aot.skip=true package -pl engine-node -am

# Ubuntu with curl, which the manifests' preStop calls.
FROM eclipse-temurin:25-jre-noble
RUN groupadd --gid 10001 holdfast \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/holdfast --shell /usr/sbin/nologin holdfast \
    && install -d -o 10001 -g 10001 /var/lib/holdfast
WORKDIR /opt/holdfast
COPY --from=build /src/engine-node/target/lib engine-node/target/lib
COPY --from=build /src/engine-node/target/holdfast-engine-node.jar engine-node/target/
COPY config config
# Loads once what a node loads, so that the image's nodes start in half the time. An image without the cache works too.
RUN java @config/jvm.options -XX:+IgnoreUnrecognizedVMOptions -XX:+UseSerialGC -XX:AOTCacheOutput=engine-node/target/holdfast.aot \
      -cp engine-node/target/holdfast-engine-node.jar dev.holdfast.node.Main train \
    || rm -f engine-node/target/holdfast.aot*

USER 10001:10001
ENV HOLDFAST_DATA=/var/lib/holdfast \
    # Read by java itself. The heap is a share of the container's memory; the rest is for metaspace, threads, SQLite and buffers.
    # Give the whole variable to change it.
    JDK_JAVA_OPTIONS="-XX:+UseSerialGC -XX:MaxRAMPercentage=60"
VOLUME /var/lib/holdfast
EXPOSE 8080 5701
# jvm.options holds the common pool at two threads or more on any number of CPUs (docs/decisions/0005).
ENTRYPOINT ["java", "@/opt/holdfast/config/jvm.options", "-Dholdfast.home=/opt/holdfast", "-XX:+IgnoreUnrecognizedVMOptions", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/opt/holdfast/engine-node/target/holdfast.aot", "-Xlog:disable", "-Xlog:all=warning:stderr", "-Xlog:aot*=off:stderr", "-Xlog:cds*=off:stderr", "-cp", "/opt/holdfast/engine-node/target/holdfast-engine-node.jar", "dev.holdfast.node.Main"]
CMD ["server"]
