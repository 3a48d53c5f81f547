using DeviceCli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

var settings = CliSettings.FromEnvironment();
using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(15) };
var issuer = new Issuer(http, settings);
var cache = new TokenCache(settings.CacheFile);
var commands = new Commands(settings, issuer, cache, new SignedIn(issuer, cache, TimeProvider.System));

try
{
    return await commands.RunAsync(args, stop.Token);
}
catch (CliException exception)
{
    await Console.Error.WriteLineAsync(exception.Message);
    return 1;
}
catch (HttpRequestException exception)
{
    await Console.Error.WriteLineAsync($"Not reached: {exception.Message}");
    return 1;
}
catch (OperationCanceledException) when (!stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("No answer within 15 seconds. Try again.");
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
