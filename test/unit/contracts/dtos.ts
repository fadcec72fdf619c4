import { Type } from 'class-transformer';
import {
  Allow,
  IsArray,
  IsDate,
  IsEmail,
  IsInt,
  IsOptional,
  IsString,
  Max,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';

export class TagDto {
  @IsString()
  label!: string;
}

export class AuthorDto {
  @IsString()
  @MinLength(2)
  name!: string;

  @IsOptional()
  @IsEmail()
  email?: string;

  shout(): string {
    return this.name.toUpperCase();
  }
}

export class PageDto {
  @IsString()
  title!: string;

  @IsInt()
  @Min(1)
  @Max(9)
  size!: number;

  @IsDate()
  @Type(() => Date)
  at!: Date;

  @ValidateNested()
  @Type(() => AuthorDto)
  author!: AuthorDto;

  @IsArray()
  @ValidateNested({ each: true })
  @Type(() => TagDto)
  tags!: TagDto[];

  @IsString({ each: true })
  words!: string[];
}

export class AnythingDto {
  @Allow()
  value?: unknown;
}

export const page = () => ({
  title: 'Home',
  size: 3,
  at: '2024-05-01T00:00:00.000Z',
  author: { name: 'Ada' },
  tags: [{ label: 'a' }, { label: 'b' }],
  words: ['x'],
});
