package io.github.bmcgateway.rewrite;

import io.github.bmcgateway.config.IpAddresses;
import io.github.bmcgateway.target.BmcAddress;
import io.github.bmcgateway.target.BmcRequest;
import io.github.bmcgateway.target.PublicOrigin;
import io.github.bmcgateway.target.VendorProfile.AddressPart;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * URLs of consoles, in which the BMC writes its own address, in front and as parameters. Everything
 * but the address keeps its bytes: viewers cut such URLs apart by position.
 */
public final class ConsoleUrls {
  private static final Pattern AUTHORITY = Pattern.compile("(?i)^(?:https?:)?//[^/?#]*");

  private ConsoleUrls() {}

  /** The absolute URL at the public origin, its address parameters included. */
  public static String toPublic(String url, BmcRequest request) {
    return parametersToPublic(
        AUTHORITY.matcher(url).replaceFirst(Matcher.quoteReplacement(request.origin().toString())),
        request);
  }

  /** The URL with the public address in the vendor's address parameters. */
  public static String parametersToPublic(String url, BmcRequest request) {
    String result = url;
    for (Map.Entry<String, AddressPart> parameter :
        request.bmc().profile().addressParameters().entrySet()) {
      result = replace(result, parameter.getKey(), value(parameter.getValue(), request.origin()));
    }
    return result;
  }

  /** Whether one of the URL's address parameters holds this BMC's own address. */
  public static boolean namesBmc(String url, BmcRequest request) {
    BmcAddress bmc = request.bmc().address();
    return request.bmc().profile().addressParameters().entrySet().stream()
        .filter(parameter -> parameter.getValue() == AddressPart.HOST)
        .map(parameter -> parameter(parameter.getKey()).matcher(url))
        .filter(Matcher::find)
        .map(found -> found.group(2))
        .anyMatch(
            value ->
                value.equals(IpAddresses.formatHost(bmc.ip()))
                    || value.equals(IpAddresses.format(bmc.ip()))
                    || value.equals(bmc.authority()));
  }

  private static String replace(String url, String name, String value) {
    return parameter(name).matcher(url).replaceAll("$1" + Matcher.quoteReplacement(value));
  }

  private static Pattern parameter(String name) {
    return Pattern.compile("([?&]" + Pattern.quote(name) + "=)([^&#]*)");
  }

  private static String value(AddressPart part, PublicOrigin origin) {
    return part == AddressPart.HOST ? origin.host() : Integer.toString(origin.port());
  }
}
