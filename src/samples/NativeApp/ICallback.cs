namespace NativeApp;

/// <summary>How the answer comes back from the browser: RFC 8252 §7.</summary>
internal interface ICallback : IDisposable
{
    /// <summary>As registered, except for the port of a loopback address.</summary>
    string RedirectUri { get; }

    /// <summary>Addresses the browser, or another program, calls us with. Not all of them are the answer.</summary>
    IAsyncEnumerable<Uri> ReceiveAsync(CancellationToken cancellationToken);
}
