using System.Text.Json.Nodes;
using IdentityProvider.Interop.Tests.Running;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>One client's run: notes what was seen to work, and at its end compares it with what the client is said to cover.</summary>
internal sealed class ClientRun(ForeignClient client, ITestOutputHelper output)
{
    private readonly List<string> _covered = [];
    private string? _version;

    public void Introduce(string version) => _version = version;

    /// <summary>Said after it was seen to work.</summary>
    public void Covers(string what) => _covered.Add(what);

    /// <summary>Prints name, version and what was covered; less or more than promised is a failure.</summary>
    public void End()
    {
        output.WriteLine($"Interoperable: {client.Name} {_version}: {string.Join("; ", _covered)}");
        Assert.Equal(client.Covers, _covered);
        Assert.NotNull(_version);
        if (client.IsPinned)
        {
            Assert.Equal(client.Version, _version);
        }
    }

    /// <summary>
    /// Runs a client's script, which writes lines of JSON: what it is, what it covers, and what it needs somebody to do. The answers are lines
    /// of JSON too.
    /// </summary>
    public async Task RunScriptAsync(InteropFixture fixture, string program, string script, IReadOnlyDictionary<string, string> environment)
    {
        await using var person = await fixture.NewPersonAsync();
        await using var process = ForeignProgram.Start(
            program,
            [Path.GetFileName(script)],
            new Dictionary<string, string>(environment, StringComparer.Ordinal)
            {
                ["INTEROP_SETTINGS"] = fixture.Briefing().ToJsonString(),
            },
            Path.Combine(ForeignClients.Folder, Path.GetDirectoryName(script)!));
        while (await process.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('{') && await HearAsync(JsonNode.Parse(line)!.AsObject(), fixture, person) is { } answer)
            {
                await process.WriteLineAsync(answer.ToJsonString());
            }
        }

        Assert.True(await process.Ended == 0, process.Output);
    }

    private async Task<JsonObject?> HearAsync(JsonObject message, InteropFixture fixture, Person person)
    {
        if (message["version"] is { } version)
        {
            Introduce(version.GetValue<string>());
        }
        else if (message["covers"] is { } covers)
        {
            Covers(covers.GetValue<string>());
        }
        else if (message["visit"] is { } address)
        {
            await person.VisitAsync(address.GetValue<string>());
            return new JsonObject { ["url"] = person.Page.Url, ["form"] = person.PostedForm };
        }
        else if (message["takeKeyOut"] is { } kid)
        {
            await fixture.TakeKeyOutAsync(kid.GetValue<string>());
            return [];
        }

        return null;
    }
}
