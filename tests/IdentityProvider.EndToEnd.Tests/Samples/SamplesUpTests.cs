using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The script that starts everything, on ports of its own. Shares the collection: it starts what those tests installed.</summary>
[Collection(SharedSamples.Name)]
public sealed class SamplesUpTests(SamplesFixture fixture)
{
    private static readonly int[] Ports = [5080, 5100, 5101, 5102, 5103, 5173];

    [Fact]
    public async Task Everything_answers_and_Ctrl_C_stops_everything()
    {
        await SampleProcesses.InstallAsync("NodeApi");
        var shift = FreeShift();
        await using var up = Start("--no-build", "--shift", shift.ToString(CultureInfo.InvariantCulture));
        await up.ReadAsync("Ctrl-C stops everything");
        using var http = new HttpClient();
        var addresses = Ports.Select(port => new Uri($"http://localhost:{port + shift}")).ToList();
        foreach (var address in addresses)
        {
            Assert.Contains(address.GetLeftPart(UriPartial.Authority), up.Output, StringComparison.Ordinal);
            using var response = await http.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await using var second = Start("--no-build", "--shift", shift.ToString(CultureInfo.InvariantCulture));
        Assert.Contains("answers at http://localhost:", (await second.EndAsync()).Output, StringComparison.Ordinal);

        await up.InterruptAsync();

        Assert.Equal(130, (await up.EndAsync()).ExitCode);
        foreach (var address in addresses)
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync(address));
        }
    }

    [Theory]
    [InlineData("--shift", "x")]
    [InlineData("--shift")]
    [InlineData("down")]
    public async Task Wrong_arguments_are_told(params string[] arguments)
    {
        await using var up = Start(arguments);

        var (exitCode, output) = await up.EndAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains("--shift", output, StringComparison.Ordinal);
    }

    /// <summary>As in a terminal: a shell that was started with SIGINT ignored, as in the background of another, cannot be interrupted.</summary>
    private ChildProcess Start(params string[] arguments) => ChildProcess.Start(
        "env",
        ["--default-signal=INT", Path.Combine(Repository.Root, "src", "samples", "up"), .. arguments],
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["CONFIGURATION"] = Repository.Configuration,
            ["IdentityProvider__DataFolder"] = Directory.CreateDirectory(fixture.NewPath("up")).FullName,
        });

    /// <summary>To ports that neither <see cref="FreePorts"/> nor the system hands out.</summary>
    private static int FreeShift()
    {
        while (true)
        {
            var shift = RandomNumberGenerator.GetInt32(15_000, 27_000);
            if (Ports.All(port => FreePorts.IsFree(port + shift)))
            {
                return shift;
            }
        }
    }
}
