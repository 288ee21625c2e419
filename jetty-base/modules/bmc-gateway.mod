[description]
The HTTPS connector of bmc-gateway: HTTP/1.1 and HTTP/2, certificate and key from PEM files.

[tags]
connector

[depend]
server
graceful
ee10-deploy
ee10-websocket-jetty

[lib]
lib/bmc-gateway-jetty-base.jar
lib/jetty-alpn-server-${jetty.version}.jar
lib/jetty-alpn-java-server-${jetty.version}.jar
lib/http2/jetty-http2-common-${jetty.version}.jar
lib/http2/jetty-http2-hpack-${jetty.version}.jar
lib/http2/jetty-http2-server-${jetty.version}.jar

[xml]
etc/bmc-gateway.xml
etc/bmc-gateway-limits.xml
etc/bmc-gateway-requestlog.xml
etc/bmc-gateway-shutdown.xml
etc/bmc-gateway-check.xml

[ini]
# Jetty would look for pages, fragments and tags in each jar of the WAR: there are none.
jetty.deploy.webInfScanJarPattern?=^$
jetty.deploy.containerScanJarPattern?=^$
