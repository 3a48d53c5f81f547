using System.Diagnostics;
using System.Reflection;

namespace IdentityProvider.Server.Composition;

/// <summary>The program: reads the command line and the configuration, then does what was asked.</summary>
internal static class ServerProgram
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int Misuse = 2;

    /// <returns>The exit code: 0 done, 1 refused because of the configuration or the database, 2 the command line makes no sense.</returns>
    public static async Task<int> RunAsync(string[] args, TextWriter output, TextWriter errors)
    {
        var started = Stopwatch.GetTimestamp();
        var arguments = StartArguments.Parse(args);
        if (arguments.Problems.Count > 0)
        {
            return Refuse(errors, "The command line cannot be understood:", arguments.Problems, Misuse);
        }

        switch (arguments.Command)
        {
            case StartCommands.Help:
                await output.WriteAsync(Usage.Text);
                return Success;
            case StartCommands.Version:
                await output.WriteLineAsync(ProductVersion);
                return Success;
        }

        var builder = ServerHost.CreateBuilder(arguments);
        var (settings, problems) = ServerHost.LoadSettings(builder, arguments);
        if (problems.Count > 0)
        {
            var stored = settings.IsDevelopment || arguments.Command is StartCommands.Check
                ? []
                : await StoredDevelopmentObjects.FindAsync(settings, CancellationToken.None);
            return Refuse(
                errors,
                $"The configuration for {builder.Environment.EnvironmentName} has these problems; nothing was started:",
                [.. problems.Select(problem => problem.ToString()), .. stored],
                Failure);
        }

        if (arguments.Command is StartCommands.Check)
        {
            await output.WriteLineAsync($"The configuration for {builder.Environment.EnvironmentName} is valid. Issuer: {settings.Protocol.Issuer}");
            return Success;
        }

        try
        {
            await using var app = ServerHost.Build(builder, settings);
            var startup = new Startup(app, settings, output, errors);
            return arguments.Command switch
            {
                StartCommands.Migrate => await startup.MigrateAsync(),
                StartCommands.Keys => await startup.KeysAsync(arguments.Rest),
                StartCommands.Accounts => await startup.AccountsAsync(arguments.Rest),
                StartCommands.Registration => await startup.RegistrationAsync(arguments.Rest),
                StartCommands.Deliveries => await startup.DeliveriesAsync(arguments.Rest),
                _ => await startup.RunAsync(started),
            };
        }
        catch (Exception exception) when (StartFault.Explain(exception) is { } explanation)
        {
            return Refuse(errors, $"The server cannot do that in {builder.Environment.EnvironmentName}:", [explanation.TrimEnd()], Failure);
        }
    }

    public static int Refuse(TextWriter errors, string headline, IEnumerable<string> problems, int exitCode)
    {
        errors.WriteLine(headline);
        foreach (var problem in problems)
        {
            errors.WriteLine("  - " + LogHygiene.OneLine(problem));
        }

        return exitCode;
    }

    /// <summary>The version that <c>--version</c> prints, without the commit.</summary>
    private static string ProductVersion =>
        typeof(ServerProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
