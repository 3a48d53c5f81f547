using IdentityProvider.Server.Composition.Settings;
using Microsoft.Extensions.Configuration.Json;

namespace IdentityProvider.Server.Composition;

/// <summary>Builds the web application out of the settings.</summary>
internal static class ServerHost
{
    public static WebApplicationBuilder CreateBuilder(StartArguments arguments)
    {
        // Files are found beside the program from any working directory.
        var options = new WebApplicationOptions { Args = arguments.ForHost, ContentRootPath = AppContext.BaseDirectory };
        var builder = WebApplication.CreateBuilder(options);
        var sources = ((IConfigurationBuilder)builder.Configuration).Sources;
        var last = sources.ToList().FindLastIndex(source => source is JsonConfigurationSource);
        foreach (var file in arguments.ConfigFiles.Where(File.Exists))
        {
            var source = new JsonConfigurationSource { Path = file, Optional = true, ReloadOnChange = false };
            source.ResolveFileProvider();
            sources.Insert(++last, source);
        }

        return builder;
    }

    public static (ServerSettings Settings, IReadOnlyList<SettingsProblem> Problems) LoadSettings(
        WebApplicationBuilder builder, StartArguments arguments)
    {
        var folder = builder.Environment.ContentRootPath;
        var loader = new SettingsLoader();
        loader.AddFile(Path.Combine(folder, "appsettings.json"), required: true);
        loader.AddFile(Path.Combine(folder, $"appsettings.{builder.Environment.EnvironmentName}.json"), required: false);
        foreach (var file in arguments.ConfigFiles)
        {
            loader.AddFile(file, required: true);
        }

        loader.AddEnvironment(Environment.GetEnvironmentVariables());
        loader.AddArguments(arguments.Settings);
        var settings = loader.Load(builder.Environment.IsDevelopment(), folder);
        return (settings, loader.Problems);
    }

    public static WebApplication Build(WebApplicationBuilder builder, ServerSettings settings)
    {
        builder.AddServerLogging(settings.IsDevelopment);
        builder.AddServerListener(settings);

        // In every environment: a missing registration is found at start and not at the first request.
        builder.Host.UseDefaultServiceProvider(options => (options.ValidateOnBuild, options.ValidateScopes) = (true, true));
        builder.Services.AddServer(settings);
        var app = builder.Build();
        Pipeline.Configure(app, settings);
        return app;
    }
}
