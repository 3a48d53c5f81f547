using System.Text;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>Mail that was promised arrives, whenever the process is killed: at least once.</summary>
public sealed class KilledMailTests : IDisposable
{
    private const int Rounds = 4;
    private const int PeoplePerRound = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _mails = Directory.CreateTempSubdirectory("idp-mails-");

    public void Dispose() => _mails.Delete(recursive: true);

    [Fact]
    [Case(386)]
    public async Task Who_was_told_to_look_into_the_mailbox_finds_a_mail_there()
    {
        await using var server = await RunningServer.StartAsync(
            KeyValuePair.Create("Mail:transport", "file"),
            KeyValuePair.Create("Mail:folder", _mails.FullName),
            KeyValuePair.Create("Mail:from", "no-reply@example.com"),
            KeyValuePair.Create("Mail:timeout", "5"),
            KeyValuePair.Create("Outbound:timeout", "5"),
            KeyValuePair.Create("Deliveries:attempt_time", "10"), // an attempt that was cut short belongs to its node for so long
            KeyValuePair.Create("Limits:registrations_per_address", "1000"));
        var promised = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var people = Enumerable.Range(0, PeoplePerRound).Select(number => $"person-{round}-{number}@example.com").ToList();
            var registrations = people.Select(email => TryRegisterAsync(server, email)).ToArray();
            await Task.WhenAny(registrations); // some are answered, some are under way, some have not begun
            if (round % 2 == 1)
            {
                await WaitUntilAsync(() => Receivers().Overlaps(people)); // one is sent, others are being sent
            }

            await server.KillAndRestartAsync();
            promised.AddRange(people.Zip(await Task.WhenAll(registrations)).Where(pair => pair.Second).Select(pair => pair.First));
        }

        Assert.NotEmpty(promised);
        await WaitUntilAsync(() => Receivers().IsSupersetOf(promised));
    }

    private static async Task WaitUntilAsync(Func<bool> isSo)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!isSo())
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task<bool> TryRegisterAsync(RunningServer server, string email)
    {
        try
        {
            using var visitor = new Visitor(new Uri(server.Issuer));
            await visitor.GoToAsync("/register");
            await visitor.SubmitAsync("#register", ("email", email), ("password", "eleven green bottles standing"));
            return visitor.Status == 200;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private HashSet<string> Receivers() =>
    [
        .. _mails.EnumerateFiles("*.eml")
            .SelectMany(file => File.ReadLines(file.FullName, Encoding.UTF8))
            .Where(line => line.StartsWith("To: ", StringComparison.Ordinal))
            .Select(line => line[4..].Trim(' ', '<', '>')),
    ];
}
