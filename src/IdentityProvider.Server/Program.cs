using IdentityProvider.Server.Composition;

return await ServerProgram.RunAsync(args, Console.Out, Console.Error);
