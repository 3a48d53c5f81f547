namespace IdentityProvider.Server.Composition.Settings;

/// <summary>How slow a connection may be before it is closed, whoever is at its other end.</summary>
internal sealed class ListenerOptions
{
    /// <summary>From the first byte of a request to the end of its headers. Default 15 seconds; from 1 second to 5 minutes.</summary>
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long a connection may be idle. Default 2 minutes; from 1 second to 1 hour. Longer than a reverse proxy in front keeps its own idle
    /// connections to us, or the proxy now and then uses one that we have just closed.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Bytes in a second that the body of a request must bring. Default 240; from 1.</summary>
    public int MinRequestBodyRate { get; set; } = 240;

    /// <summary>Bytes in a second that the reader of a response must take. Default 240; from 1.</summary>
    public int MinResponseRate { get; set; } = 240;

    /// <summary>How long a body or a reader may be slower than that. Default 5 seconds; from 2 seconds to 5 minutes.</summary>
    public TimeSpan SlownessGrace { get; set; } = TimeSpan.FromSeconds(5);

    public IEnumerable<string> Validate()
    {
        if (RequestHeadersTimeout < TimeSpan.FromSeconds(1) || RequestHeadersTimeout > TimeSpan.FromMinutes(5))
        {
            yield return "Listener:request_headers_timeout must be from 1 to 300 seconds.";
        }

        if (KeepAliveTimeout < TimeSpan.FromSeconds(1) || KeepAliveTimeout > TimeSpan.FromHours(1))
        {
            yield return "Listener:keep_alive_timeout must be from 1 to 3600 seconds.";
        }

        if (MinRequestBodyRate < 1)
        {
            yield return "Listener:min_request_body_rate must be 1 or more bytes in a second.";
        }

        if (MinResponseRate < 1)
        {
            yield return "Listener:min_response_rate must be 1 or more bytes in a second.";
        }

        // Kestrel looks once a second.
        if (SlownessGrace < TimeSpan.FromSeconds(2) || SlownessGrace > TimeSpan.FromMinutes(5))
        {
            yield return "Listener:slowness_grace must be from 2 to 300 seconds.";
        }
    }
}
